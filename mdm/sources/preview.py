"""A first look at a file, for a person to confirm: what it is, its columns, and some of its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mdm.rulebook.source import FileFormatRules
from mdm.sources.facts import Preview, nothing
from mdm.sources.readers import open_table

SAMPLE_ROWS: Final = 2_000


def preview(path: Path, format: FileFormatRules) -> Preview:  # noqa: A002 -- the word of the rules
    """Look at a file. The sample has up to 2,000 rows, evenly spread over the first piece of the file, all text."""
    reader = open_table(path, format)
    frame = next((batch.frame for batch in reader.batches() if batch.frame.height), nothing(len(reader.columns)))
    step = max(1, -(-frame.height // SAMPLE_ROWS))
    sample = frame.gather_every(step)
    sample.columns = list(reader.columns)
    found = reader.found
    return Preview(found.type, found.encoding, found.separator, reader.columns, found.size, sample, found.notes)
