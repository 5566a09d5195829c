"""What the columns of a source mean: detected from names and values, and applied to its records."""

from mdm.standardise.columns.detect import DetectedRoles, detect_roles
from mdm.standardise.columns.mapped import map_roles
from mdm.standardise.columns.options import describe, parse_map_option

__all__ = ["DetectedRoles", "describe", "detect_roles", "map_roles", "parse_map_option"]
