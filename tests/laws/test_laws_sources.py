"""Laws of reading: no record is lost, no value is changed, and a row hash depends on the content alone."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.errors import InputRefused
from mdm.rulebook.source import SourceRules
from mdm.sources import Landed, land, read_columns
from mdm.sources.splitting import _split_slowly, split

quick = settings(max_examples=40, deadline=None)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
WESTERN = st.text(st.characters(codec="cp1252", exclude_characters="\x00"), max_size=12)
RECORDS = st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8)


def landed(content: bytes, folder: Path, name: str = "c.csv", **rules: Any) -> Landed:
    (folder / name).write_bytes(content)
    source = SourceRules.model_validate({"system": "s", "path": name, "key": "id"} | rules)
    return land(source, folder, folder / "landing")


def csv_bytes(rows: list[list[str]], encoding: str = "utf-8", separator: str = ";") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(encoding)


def kept(result: Landed) -> list[tuple[str, ...]]:
    return [tuple(value or "" for value in row) for row in read_columns(result, ["a", "b"]).select("a", "b").rows()]


@quick
@given(st.lists(st.text('ab1;,"\n\r é', max_size=12), max_size=30))
def test_every_record_of_a_ragged_file_is_loaded_copied_or_quarantined(lines: list[str]) -> None:
    good = "".join(f"k{n};x\n" for n in range(30))
    with tempfile.TemporaryDirectory() as folder:
        content = ("id;a\n" + good + "\n".join(lines)).encode()
        result = None
        with contextlib.suppress(InputRefused):
            result = landed(content, Path(folder), format={"separator": ";", "encoding": "utf-8"})
        files = len(list((Path(folder) / "landing").iterdir()))
    assert files == (result is not None)
    if result is None:
        return
    counts = result.counts
    assert counts["rows_in"] == counts["loaded"] + counts["unchanged"] + counts["quarantined"]
    assert counts["loaded"] == result.index.height
    assert counts["quarantined"] == result.quarantine.height


@quick
@given(st.lists(st.lists(st.text('ab;"\n\r', max_size=5), min_size=2, max_size=4), max_size=10), st.integers(1, 9))
def test_records_are_split_where_the_csv_module_ends_them(rows: list[list[str]], cut: int) -> None:
    text = csv_bytes(rows)
    found = split(text, b";", final=True)
    assert found.fields.tolist() == [len(row) for row in rows]
    first = split(text[:cut], b";", final=False)
    assert found.nexts.tolist()[: first.nexts.size] == first.nexts.tolist()


@quick
@given(st.lists(st.lists(st.text('ab;"\n\r', max_size=5), min_size=1, max_size=4), max_size=10), st.integers(0, 60))
def test_the_quick_and_the_slow_split_agree(rows: list[list[str]], cut: int) -> None:
    text = csv_bytes(rows)
    for piece, final in ((text, True), (text[:cut], False)):
        one, other = split(piece, b";", final=final), _split_slowly(piece, b";", final=final)
        assert one.done == other.done
        assert one.fields.tolist() == other.fields.tolist()
        assert (one.begins.tolist(), one.ends.tolist()) == (other.begins.tolist(), other.ends.tolist())


@quick
@given(RECORDS)
def test_values_come_back_from_csv_byte_for_byte(records: list[tuple[str, str]]) -> None:
    rows = [["id", "a", "b"], *([f"k{n}", a, b] for n, (a, b) in enumerate(records))]
    with tempfile.TemporaryDirectory() as folder:
        assert kept(landed(csv_bytes(rows), Path(folder), format={"encoding": "utf-8"})) == records


@quick
@given(RECORDS)
def test_values_come_back_from_json_lines_byte_for_byte(records: list[tuple[str, str]]) -> None:
    lines = [json.dumps({"id": f"k{n}", "a": a, "b": b}) for n, (a, b) in enumerate(records)]
    with tempfile.TemporaryDirectory() as folder:
        assert kept(landed("\n".join(lines).encode(), Path(folder), "c.jsonl")) == records


@quick
@given(RECORDS)
def test_values_come_back_from_parquet_byte_for_byte(records: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame([(f"k{n}", a, b) for n, (a, b) in enumerate(records)], schema=["id", "a", "b"], orient="row")
    content = io.BytesIO()
    frame.write_parquet(content)
    with tempfile.TemporaryDirectory() as folder:
        assert kept(landed(content.getvalue(), Path(folder), "c.parquet")) == records


@quick
@given(st.lists(st.tuples(WESTERN, WESTERN), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_row_hash_depends_on_the_content_alone(records: list[tuple[str, str]], chance: Any) -> None:
    rows = [[f"k{n}", a, b] for n, (a, b) in enumerate(records)]
    shuffled = [[b, key, a] for key, a, b in rows]
    chance.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        first = landed(csv_bytes([["id", "a", "b"], *rows]), Path(one), format={"encoding": "utf-8"})
        content = csv_bytes([["b", "id", "a"], *shuffled], "cp1252", "|")
        second = landed(content, Path(other), "d.txt", format={"encoding": "cp1252", "type": "csv"})
        hashes = [dict(result.index.select("key", "row_hash").rows()) for result in (first, second)]
    assert hashes[0] == hashes[1]


@quick
@given(st.lists(st.tuples(TEXT, TEXT), min_size=2, max_size=6))
def test_two_records_have_one_row_hash_only_when_they_are_equal(records: list[tuple[str, str]]) -> None:
    rows = [[f"k{n}", a, b] for n, (a, b) in enumerate(records)]
    with tempfile.TemporaryDirectory() as folder:
        result = landed(csv_bytes([["id", "a", "b"], *rows]), Path(folder), format={"encoding": "utf-8"})
    for (key, a, b), row_hash in zip(rows, result.index["row_hash"].to_list(), strict=True):
        filled = [(name, value) for name, value in (("a", a), ("b", b), ("id", key)) if value]
        assert row_hash == hashlib.sha256("".join(f"\0{n}\0{v}" for n, v in filled).encode()).hexdigest()
