"""Sources: from a system's files to one all-text Parquet, an index of its records, and a quarantine."""

from mdm.sources.columns import named_columns
from mdm.sources.facts import FileFacts, Landed, Preview
from mdm.sources.fingerprint import sha256_of
from mdm.sources.landing import land, land_many
from mdm.sources.preview import preview
from mdm.sources.reading_back import read_columns
from mdm.sources.systems import system_name

__all__ = [
    "FileFacts",
    "Landed",
    "Preview",
    "land",
    "land_many",
    "named_columns",
    "preview",
    "read_columns",
    "sha256_of",
    "system_name",
]
