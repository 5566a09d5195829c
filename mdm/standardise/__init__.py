"""From a source's columns to match keys: roles of columns, and values made comparable."""

from mdm.standardise.columns import detect_roles, map_roles

__all__ = ["detect_roles", "map_roles"]
