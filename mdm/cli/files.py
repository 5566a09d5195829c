"""`mdm dedupe` and `mdm init`: commands that begin with files nobody described."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from mdm.app import (
    DetectedFile,
    Errand,
    Occasion,
    Watch,
    Wishes,
    begin_project,
    dedupe,
    detect_files,
    load_sources,
    parse_moment,
    parse_system_option,
)
from mdm.cli import show
from mdm.cli.options import now, settings
from mdm.cli.reading import tell_loss, tell_set_aside
from mdm.errors import SettingsInvalid
from mdm.records import SystemName
from mdm.report import plain_summary
from mdm.rulebook import Encoding, FileFormatRules

STAGES = 10
SEPARATOR_WORDS = {"tab": "\t", "\\t": "\t"}

Out = Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")]
KeyColumn = Annotated[str | None, typer.Option("--key-column", help="Column that identifies a record (A+B joins two).")]
SourceColumn = Annotated[str | None, typer.Option("--source-column", help="Column that names each record's system.")]
Maps = Annotated[list[str] | None, typer.Option("--map", help="Set a role: name=NAME1+NAME2, sap:phone=TELF1,TELF2.")]
Names = Annotated[list[str] | None, typer.Option("--system", help="Name a file's system: crm=export.csv.")]
MappingFile = Annotated[Path | None, typer.Option("--mapping", help="Take this mapping.yaml instead of looking.")]
Enc = Annotated[Encoding | None, typer.Option("--encoding", help="Encoding of the files, if it is known.")]
Sep = Annotated[str | None, typer.Option("--separator", help="Separator of CSV files, if it is known.")]


def dedupe_command(  # noqa: PLR0913, PLR0917 - a command line has its options
    files: Annotated[
        list[Path] | None, typer.Argument(help="CSV, Excel, Parquet or JSON lines; one file a system.")
    ] = None,
    out: Out = Path("out"),
    key_column: KeyColumn = None,
    source_column: SourceColumn = None,
    maps: Maps = None,
    names: Names = None,
    mapping: MappingFile = None,
    encoding: Enc = None,
    separator: Sep = None,
    date: Annotated[
        str | None, typer.Option("--date", help="Date for the report; it then holds no times, so a rerun is the same.")
    ] = None,
) -> None:
    """Find the same customer in one or more files. No configuration; nothing but the folder --out is written."""
    form = _file_format(encoding, separator)
    errand = Errand(out, _occasion(date))
    wishes = Wishes(key_column, source_column, tuple(maps or ()), _names(names), form)
    if mapping is not None:
        _refuse_beside_a_mapping(wishes)
        sources = load_sources(mapping, files or [])
    else:
        found = detect_files(_some(files, wishes), wishes)
        _print_mapping(found)
        sources = tuple(f.source for f in found)
    with show.Bars(STAGES) as bars:
        finished = dedupe(sources, errand, settings(), Watch(bars))
    show.lines(["", *plain_summary(finished.facts), ""])
    aside = finished.result.inputs.quarantine
    tell_set_aside(aside, f"all of them are in {out / 'quarantine.csv'}.")
    show.lines([f"  {path}" for path in finished.written if path.parent == out])
    tell_loss(finished.counts)
    show.done(f"Open {out / 'report.html'} in a browser; the customers are in {out / 'golden.csv'}.")


def init_command(  # noqa: PLR0913, PLR0917 - a command line has its options
    folder: Annotated[Path, typer.Argument(help="Folder of the new project.")],
    files: Annotated[list[Path] | None, typer.Argument(help="Files to begin with, one a system.")] = None,
    key_column: KeyColumn = None,
    source_column: SourceColumn = None,
    maps: Maps = None,
    names: Names = None,
    encoding: Enc = None,
    separator: Sep = None,
    connect: Annotated[
        list[str] | None,
        typer.Option("--connect", help="Read this system itself: tryton, see docs/sources.md."),
    ] = None,
) -> None:
    """Begin a lasting project: mdm.yaml, rules for each stage and each source, a store."""
    form = _file_format(encoding, separator)
    wishes = Wishes(key_column, source_column, tuple(maps or ()), _names(names), form)
    found = detect_files(_all(files, wishes), wishes)
    if found:
        _print_mapping(found)
    written = begin_project(folder, found, connect or ())
    show.lines([f"  {path}" for path in written])
    show.done(f"The project is in {folder}. Next: mdm check {folder}, then mdm scan {folder}.")


def _occasion(date: str | None) -> Occasion:
    """When and how this is run; a date that was given is checked."""
    if date is not None:
        parse_moment(date)
    return Occasion(date or now(), shlex.join(["mdm", *sys.argv[1:]]), is_told=date is not None)


def _some(files: Sequence[Path] | None, wishes: Wishes) -> Sequence[Path]:
    if not (found := _all(files, wishes)):
        raise SettingsInvalid("No file was given.", "Name at least one: mdm dedupe crm.csv erp.csv --out out")
    return found


def _all(files: Sequence[Path] | None, wishes: Wishes) -> list[Path]:
    """The files given, and those that only --system names."""
    given = list(files or ())
    return [*given, *(path for path in wishes.names if path.resolve() not in {p.resolve() for p in given})]


def _names(texts: Sequence[str] | None) -> dict[Path, SystemName]:
    names: dict[Path, SystemName] = {}
    for text in texts or ():
        path, system = parse_system_option(text)
        if path in names:
            raise SettingsInvalid(f"The file {path} is given two names.", "Give it one --system.")
        names[path] = system
    return names


def _file_format(encoding: Encoding | None, separator: str | None) -> FileFormatRules:
    sign = SEPARATOR_WORDS.get(separator, separator) if separator is not None else None
    if sign is not None and len(sign) != 1:
        raise SettingsInvalid(f"--separator {separator} is not one sign.", "Write ; , | or tab, in quotes.")
    return FileFormatRules(encoding=encoding, separator=sign)


def _refuse_beside_a_mapping(wishes: Wishes) -> None:
    """A mapping says all of this; what would be ignored must not look as if it counted."""
    if wishes != Wishes():
        raise SettingsInvalid(
            "--mapping cannot be given together with options that describe the files.",
            "Edit the mapping file, or leave out --mapping.",
        )


def _print_mapping(found: Sequence[DetectedFile]) -> None:
    for file in found:
        look, source = file.preview, file.source
        kind = ", ".join(str(x) for x in (look.type, look.encoding, _spelled(look.separator)) if x)
        show.notes([f"{Path(source.path).name} is system {source.system}: {kind}, {len(look.columns)} columns"])
        show.notes([f"  {note}" for note in look.notes])
        rows = [("key", source.key, f"{file.key_confidence:.0%}"), *((r, c, f"{p:.0%}") for r, c, p, _ in file.rows)]
        show.table(("means", "columns", "sure"), rows)
        if file.unknown:
            show.lines([f"  Columns carried through as they are: {len(file.unknown)}.", ""])


def _spelled(separator: str | None) -> str | None:
    return {None: None, "\t": "tab"}.get(separator, f"separator {separator}")
