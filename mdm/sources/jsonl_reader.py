"""Reads JSON lines, strictly: an object a line, numbers as they are written, objects within as dotted columns."""

from __future__ import annotations

import json
import math
import shutil
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import polars as pl

from mdm.errors import InputRefused
from mdm.rulebook.source import FileFormatRules
from mdm.sources.cells import sift
from mdm.sources.columns import checked_header
from mdm.sources.encodings import Undecodable, decoded, refuse_encoding, text_encoding
from mdm.sources.facts import RAW_CAP, Batch, Fault, Found, places
from mdm.sources.fingerprint import Fingerprint, check_unchanged, sha256_of
from mdm.sources.flat_json import MEMBERS, columns_of, flat_members, split_lines
from mdm.sources.shape import check_odd_share

DEPTH_CAP: Final = 64
DIGITS_CAP: Final = 40
BLOCK: Final = 4 * 1024 * 1024
LINE_CAP: Final = 64 * 1024 * 1024


class NotStrict(ValueError):
    """A line is no strict JSON object; the text says why."""


class Literal(str):
    """A number or a word of JSON, as it is written."""

    __slots__ = ()


class JsonlReader:
    """One file of JSON lines. Its columns are all names that occur, in the order in which they first occur.

    A first pass takes flat objects apart in bulk, reads all other lines one by one, and keeps what it found as columns
    in a scratch folder; `records` counts lines that are not blank, apart from the parsing.
    """

    def __init__(self, path: Path, rules: FileFormatRules, facts: Fingerprint) -> None:
        self._path = path
        self._facts = facts
        self._encoding, *notes = text_encoding(path, rules, facts)
        self.records = 0
        self._scratch = Path(mkdtemp(prefix="mdm"))
        self._cleaned = weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
        self._pieces: list[tuple[Path, pl.Series, tuple[Fault, ...]]] = []
        self._names = self._spool()
        self.columns = checked_header(self._names, path.name)
        self.found = Found("jsonl", self._encoding, None, facts.size, facts.sha256, tuple(notes))

    def batches(self) -> Iterator[Batch]:
        """All records in file order."""
        at = places(len(self.columns))
        for piece, numbers, faults in self._pieces:
            frame = pl.read_parquet(piece, glob=False)
            known = {name: place for name, place in zip(self._names, at, strict=True) if name in frame.columns}
            absent = [pl.lit(None, pl.String).alias(place) for place in at if place not in known.values()]
            batch = sift(frame.rename(known).with_columns(absent).select(at), numbers, self.columns)
            yield Batch(batch.frame, batch.numbers, faults + batch.faults)
        self._cleaned()

    def _spool(self) -> list[str]:
        names: dict[str, None] = {}
        odd = 0
        for lines in self._lines():
            members, numbers, faults = self._parse(lines)
            odd += len(faults)
            frame = columns_of(members, numbers)
            names.update(dict.fromkeys(frame.columns))
            piece = self._scratch / f"{len(self._pieces)}.parquet"
            frame.write_parquet(piece, compression="lz4")
            self._pieces.append((piece, numbers, faults))
        check_unchanged(self._path, self._facts.sha256, sha256_of(self._path))
        check_odd_share(self._path.name, odd, self.records, "read as JSON lines")
        return list(names)

    def _parse(self, lines: pl.Series) -> tuple[pl.DataFrame, pl.Series, tuple[Fault, ...]]:
        """The members of all lines that are objects, the numbers of these lines, and what is wrong with the others."""
        first = self.records + 1
        self.records += lines.len()
        members, flat = flat_members(lines.cast(pl.String, strict=False))
        others = flat.not_().arg_true()
        found: list[tuple[int, int, str, str | None]] = []
        faults: dict[int, Fault] = {}
        for row, line in zip(others, lines.gather(others), strict=True):
            try:
                found.extend((row, place, *member) for place, member in enumerate(strict_object(line).items()))
            except NotStrict as reason:
                raw = line[: 4 * RAW_CAP].decode("utf-8", errors="replace")[:RAW_CAP]
                faults[row] = Fault(first + row, None, str(reason), raw)
        numbers = pl.int_range(first, first + lines.len(), dtype=pl.Int64, eager=True).alias("record_number")
        read = ~pl.int_range(lines.len(), eager=True).is_in(list(faults))
        members = pl.concat([members, pl.DataFrame(found, schema=MEMBERS, orient="row")])
        return members.with_columns(pl.col("row") + first), numbers.filter(read), tuple(faults.values())

    def _lines(self) -> Iterator[pl.Series]:
        """The lines that are not blank as bytes, some thousand at a time."""
        rest, seen = b"", 0
        try:
            for text in decoded(self._blocks(), self._encoding, self._facts.head):
                whole, _, rest = (rest + text).rpartition(b"\n")
                self._check_length(rest)
                filled = split_lines(whole)
                seen += filled.len()
                yield filled
        except Undecodable as error:
            number = seen + 1 + (rest + error.before).count(b"\n")
            raise refuse_encoding(self._path, self._encoding, number, self._facts) from None
        yield split_lines(rest)

    def _check_length(self, rest: bytes) -> None:
        if len(rest) > LINE_CAP:
            raise InputRefused(f"{self._path.name} has a line of more than 64 MB.", "Write one object on each line.")

    def _blocks(self) -> Iterator[bytes]:
        with self._path.open("rb") as stream:
            while block := stream.read(BLOCK):
                yield block


def strict_object(line: bytes) -> dict[str, str | None]:
    """The members of the object on a line as text, empty as None; those of an object `a` within it as `a.b`.

    An object within that is empty says nothing. A list stays JSON text: how many columns it has, no record can tell.
    Raises NotStrict with the reason in words.
    """
    if line.count(b"{") + line.count(b"[") > DEPTH_CAP and _depth(line) > DEPTH_CAP:
        raise NotStrict(f"nested deeper than {DEPTH_CAP}")
    try:
        value = DECODER.decode(line.decode("utf-8", "surrogatepass"))
    except json.JSONDecodeError as error:
        raise NotStrict(f"no valid JSON at character {error.pos + 1}") from None
    if type(value) is not dict:
        raise NotStrict("not a JSON object")
    row = {name: written(member) or None for name, member in _members(list(_leaves(value))).items()}
    if b"\\u" in line or b"\xed" in line:
        _check_whole_characters(row)
    return row


def _leaves(members: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, member in members.items():
        if isinstance(member, dict):
            yield from ((f"{name}.{within}", leaf) for within, leaf in _leaves(member))
        else:
            yield name, member


def written(value: object) -> str:
    """A JSON value as text: strings as they are, null as nothing, numbers as written, the rest as compact JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return _json(value)


def _json(value: object) -> str:
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_json(str(name))}:{_json(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    return {None: "null", True: "true", False: "false"}[value]  # type: ignore[index]


def _depth(line: bytes) -> int:
    """How deep brackets nest outside of strings, up to one more than the cap."""
    depth = deepest = 0
    inside = escaped = False
    for sign in line:
        if inside:
            inside, escaped = (escaped or sign != 34), (not escaped and sign == 92)
        elif sign == 34:
            inside = True
        elif sign in b"{[":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEPTH_CAP:
                break
        elif sign in b"}]":
            depth -= 1
    return deepest


def _number(text: str) -> Literal:
    if sum(map(str.isdigit, text)) > DIGITS_CAP:
        raise NotStrict(f"a number with more than {DIGITS_CAP} digits")
    if math.isinf(float(text)):
        raise NotStrict("a number too large to be one")
    return Literal(text)


def _no_number(text: str) -> Literal:
    raise NotStrict(f"{text} is no JSON value")


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotStrict("a name stands twice in one object")
    return members


def _check_whole_characters(row: dict[str, str | None]) -> None:
    for name, value in row.items():
        for text in (name, value or ""):
            if any("\ud800" <= sign <= "\udfff" for sign in text):
                raise NotStrict("half a character (a lone surrogate)")


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_members, parse_float=_number, parse_int=_number, parse_constant=_no_number
)
