"""From a source's columns to match keys: roles of columns, and values made comparable."""

from mdm.standardise.columns import detect_roles, map_roles
from mdm.standardise.names import split_name
from mdm.standardise.persons import split_person
from mdm.standardise.stage import standardise
from mdm.standardise.streets import split_street
from mdm.standardise.text import fold_text

__all__ = ["detect_roles", "fold_text", "map_roles", "split_name", "split_person", "split_street", "standardise"]
