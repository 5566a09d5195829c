"""Connected systems: read as sources into extracts that are landed like files, and told master ids as targets."""

from mdm.connect.extract import EXTRACT, Extract, accept_types, known_columns, refresh
from mdm.connect.files_target import Feed, FilesTarget
from mdm.connect.metadata import Drift, find_drift
from mdm.connect.opening import open_source, open_target
from mdm.connect.protocols import Column, Description, Source
from mdm.connect.target import Order, Target
from mdm.connect.telling import Outcome, Wish, apply, blank, plan

__all__ = [
    "EXTRACT",
    "Column",
    "Description",
    "Drift",
    "Extract",
    "Feed",
    "FilesTarget",
    "Order",
    "Outcome",
    "Source",
    "Target",
    "Wish",
    "accept_types",
    "apply",
    "blank",
    "find_drift",
    "known_columns",
    "open_source",
    "open_target",
    "plan",
    "refresh",
]
