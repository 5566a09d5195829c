"""Connected systems: read as sources into extracts that are landed like files, and told master ids as targets."""

from mdm.connect.extract import EXTRACT, Extract, accept_types, known_columns, refresh
from mdm.connect.metadata import Drift, find_drift
from mdm.connect.opening import open_source
from mdm.connect.protocols import Column, Description, Source

__all__ = [
    "EXTRACT",
    "Column",
    "Description",
    "Drift",
    "Extract",
    "Source",
    "accept_types",
    "find_drift",
    "known_columns",
    "open_source",
    "refresh",
]
