"""Turns a publish plan into the files that target systems load, and a manifest that vouches for them.

A loader takes a file as it is, so nothing in it is guarded or altered (decision 0070). Master ids are safe by
construction: they begin with `M-`. A record that would put a dangerous cell into a CSV is held out of it and goes
unaltered to `SYSTEM.held.jsonl`, which no spreadsheet runs. Excel types all text as text and JSON Lines runs nowhere.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

import polars as pl

from mdm.publish.atomic import replacing
from mdm.publish.guard import dangerous_rows
from mdm.publish.tables import write_quoted
from mdm.publish.targets import check_closed, check_targets, fields_of, file_stem
from mdm.publish.workbook import write_workbook
from mdm.records import PUBLISH_CHANGES, conform

if TYPE_CHECKING:
    from pathlib import Path

    from mdm.rulebook.stages import PublishRules, TargetRules

MANIFEST: Final = "manifest.json"
ENDINGS: Final = {"csv": ".csv", "jsonl": ".jsonl", "excel": ".xlsx"}
HELD: Final = ".held.jsonl"


def render(changes: pl.DataFrame, rules: PublishRules, into: Path, *, run_id: str) -> list[Path]:
    """Write a file for each target of the rules into `into`, then `manifest.json`; return all paths, the manifest last.

    A file has one row for each record with a change: its `key`, then the target's fields. An empty cell, or in JSON
    Lines an absent field, means that the field stays as it is. A target without changes gets a file without rows, and
    files of an earlier run of the same target go. While there is no manifest the folder is not whole.

    Raises GuardTripped for a change beyond the rules, RulesInvalid and SettingsInvalid; the first two write nothing.
    """
    check_targets(rules)
    plan = conform(changes, PUBLISH_CHANGES, "publish changes")
    check_closed(plan, rules)
    with replacing(into / MANIFEST) as part:
        (into / MANIFEST).unlink(missing_ok=True)
        written: dict[Path, dict[str, object]] = {}
        for target in rules.targets:
            written |= _render_target(target, plan.filter(pl.col("target") == target.system), into)
        part.write_text(_manifest(run_id, written), encoding="utf-8", newline="\n")
    return [*written, into / MANIFEST]


def _render_target(target: TargetRules, plan: pl.DataFrame, into: Path) -> dict[Path, dict[str, object]]:
    sent, held = _split(target, _wide(target, plan))
    files = {into / (file_stem(target) + ENDINGS[target.format]): (target.format, sent)}
    if held.height:
        files[into / (file_stem(target) + HELD)] = ("jsonl", held)
    for ending in (*ENDINGS.values(), HELD):
        former = into / (file_stem(target) + ending)
        if former not in files:
            former.unlink(missing_ok=True)
    return {path: _write(target, path, *file) for path, file in files.items()}


def _split(target: TargetRules, wide: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records that go into the target's file, and those held out of it."""
    if target.format != "csv":
        return wide, wide.clear()
    held = dangerous_rows(wide)
    return wide.filter(~held), wide.filter(held)


def _wide(target: TargetRules, plan: pl.DataFrame) -> pl.DataFrame:
    """One row a record in the order of keys: `key`, then every field of the target, null where nothing changes."""
    wide = plan.select(pl.col("key").unique()).sort("key")
    for field in fields_of(target):
        new = plan.filter(pl.col("field") == field).select("key", pl.col("new").alias(field))
        wide = wide.join(new, on="key", how="left", maintain_order="left")
    return wide


def _write(target: TargetRules, path: Path, kind: str, frame: pl.DataFrame) -> dict[str, object]:
    with replacing(path) as part:
        if kind == "csv":
            write_quoted(frame, part)
        elif kind == "excel":
            write_workbook(frame, part, sheet=target.system)
        else:
            _write_jsonl(frame, part)
        with part.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {
        "target": target.system,
        "file": path.name,
        "format": kind,
        "held_back": path.name.endswith(HELD),
        "rows": frame.height,
        "fields": frame.columns,
        "sha256": digest,
    }


def _write_jsonl(frame: pl.DataFrame, path: Path) -> None:
    """One object a line. Rows that lack the same fields are encoded together, so an absent field is never a null."""
    # Names of fields are trimmed, so none is a line feed.
    filled = pl.concat_str(pl.col(name).is_not_null().cast(pl.String) for name in frame.columns)
    rows = frame.with_columns(filled.alias("\n")).with_row_index("\n\n")
    parts = [
        part.select(
            "\n\n", line=pl.struct(n for n in frame.columns if part.item(0, n) is not None).struct.json_encode()
        )
        for part in rows.partition_by("\n", maintain_order=True)
    ]
    lines = pl.concat(parts).sort("\n\n").select("line") if parts else pl.DataFrame({"line": []})
    lines.write_csv(path, include_header=False, quote_style="never", line_terminator="\n")


def _manifest(run_id: str, written: dict[Path, dict[str, object]]) -> str:
    content = {
        "run": run_id,
        "empty_cell": "the field stays as it is",
        "held_back": "records whose values a spreadsheet would run; they are not in the CSV",
        "files": list(written.values()),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
