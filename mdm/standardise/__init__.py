"""From a source's columns to match keys: roles of columns, and values made comparable."""

from mdm.standardise.codes import with_codes
from mdm.standardise.columns import detect_roles, map_roles
from mdm.standardise.dates import iso_times
from mdm.standardise.kinds import ORGANISATION, told_kind
from mdm.standardise.names import spelling_of, split_name, without_legal_form
from mdm.standardise.persons import split_person
from mdm.standardise.stage import standardise
from mdm.standardise.streets import split_street
from mdm.standardise.text import fold_text

__all__ = [
    "ORGANISATION",
    "detect_roles",
    "fold_text",
    "iso_times",
    "map_roles",
    "spelling_of",
    "split_name",
    "split_person",
    "split_street",
    "standardise",
    "told_kind",
    "with_codes",
    "without_legal_form",
]
