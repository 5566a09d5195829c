"""`mdm duplicates`: what the users of each system could merge there themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from mdm.app import find_duplicates, open_project, tell_merging, write_duplicates
from mdm.cli import show
from mdm.cli.options import Folder, settings
from mdm.errors import SettingsInvalid
from mdm.publish import TableFormat

HERE: Final = Path()
FORMATS: Final[dict[str, TableFormat]] = {"csv": "csv", "parquet": "parquet", "excel": "excel"}


def duplicates_command(
    folder: Folder = HERE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for a file of each system.")] = None,
    form: Annotated[str, typer.Option("--format", help="csv, parquet or excel.")] = "csv",
) -> None:
    """List for each system its records that are one customer, and which to keep. Merging them is for its users."""
    if form not in FORMATS:
        raise SettingsInvalid(f"No such format: {form}.", f"The formats are {', '.join(FORMATS)}.")
    project = open_project(folder, settings())
    with project.open_scanned_store() as store:
        found = find_duplicates(store, project)
        written = write_duplicates(found, out or project.output / "duplicates", FORMATS[form])
    for one in found:
        customers = one.rows["master_id"].n_unique()
        show.lines([f"{one.system}: {one.rows.height:,} records repeat another one, of {customers:,} customers"])
        if one.rows.height:
            show.notes([f"  {tell_merging(one.merging)}"])
    show.lines([f"  {path}" for path in written])
    show.done("No system was told anything. The next scan follows what its users merge, where the system says it.")
