"""Reads vCards (.vcf), as a contact manager or a telephone gives them: one card is one record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl
import vobject

from mdm.errors import InputRefused
from mdm.rulebook.source import FileFormatRules
from mdm.sources.cells import sift
from mdm.sources.columns import checked_header
from mdm.sources.encodings import Undecodable, decoded, refuse_encoding, text_encoding
from mdm.sources.facts import RAW_CAP, READ_BLOCK, Batch, Fault, Found, places
from mdm.sources.fingerprint import Fingerprint, check_unchanged, sha256_of
from mdm.sources.shape import check_odd_share

LARGEST: Final = 256 * 2**20
"""Bytes of a file, which is held in memory: half a million cards without pictures."""

BEGIN: Final = re.compile(r"^BEGIN:VCARD[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
JOINER: Final = " | "
PICTURES: Final = frozenset({"photo", "logo", "sound", "key"})
NAMES: Final = {"n.family": "family", "n.given": "given", "n.additional": "additional", "n.prefix": "prefix"}
ADDRESS: Final = {
    "adr.street": "street",
    "adr.extended": "extended",
    "adr.box": "box",
    "adr.city": "city",
    "adr.region": "region",
    "adr.code": "code",
    "adr.country": "country",
}
SEVERAL: Final = {"tel": "tel.value", "email": "email.value", "url": "url.value"}
"""Properties that often stand several times; rules take these columns apart (`SourceRules.lists`)."""

FIRST: Final = ("uid", "fn", "org", "org.unit", *NAMES, *ADDRESS, "adr.rows", "adr", *SEVERAL.values(), "rev")
"""Columns that every file of cards has; others follow in the order in which they first occur."""


class VcardReader:
    """The cards of a file. A property that stands several times has its values joined; of addresses the first counts.

    `adr` has all addresses as a JSON list. Pictures, sounds and keys are left out.
    """

    def __init__(self, path: Path, rules: FileFormatRules, facts: Fingerprint) -> None:
        self._path, self._facts = path, facts
        if facts.size > LARGEST:
            raise InputRefused(f"{path.name} has more than {LARGEST // 2**20} MB.", "Export it without pictures.")
        self._encoding, *notes = text_encoding(path, rules, facts)
        text = self._text()
        check_unchanged(path, facts.sha256, sha256_of(path))
        begins = [found.start() for found in BEGIN.finditer(text)]
        cards = [text[begin:end] for begin, end in zip(begins, [*begins[1:], len(text)], strict=True)]
        self.records = len(cards)
        self._read, self._faults = _read_all(cards)
        check_odd_share(path.name, len(self._faults), self.records, "read as vCards")
        names = dict.fromkeys([*FIRST, *(name for _, card in self._read for name in card)])
        self.columns = checked_header(list(names), path.name)
        self.found = Found("vcard", self._encoding, None, facts.size, facts.sha256, tuple(notes))

    def batches(self) -> Iterator[Batch]:
        """All records in file order."""
        at = places(len(self.columns))
        values = {p: [card.get(name) for _, card in self._read] for p, name in zip(at, self.columns, strict=True)}
        numbers = pl.Series("record_number", [number for number, _ in self._read], dtype=pl.Int64)
        batch = sift(pl.DataFrame(values, schema=dict.fromkeys(at, pl.String())), numbers, self.columns)
        yield Batch(batch.frame, batch.numbers, (*self._faults, *batch.faults))

    def _text(self) -> str:
        before = b""
        try:
            for block in decoded(self._blocks(), self._encoding, self._facts.head):
                before += block
        except Undecodable as error:
            number = len(BEGIN.findall((before + error.before).decode("utf-8", "replace")))
            raise refuse_encoding(self._path, self._encoding, number, self._facts) from None
        return before.decode("utf-8")

    def _blocks(self) -> Iterator[bytes]:
        with self._path.open("rb") as stream:
            while block := stream.read(READ_BLOCK):
                yield block


def _read_all(cards: Sequence[str]) -> tuple[list[tuple[int, Mapping[str, str | None]]], tuple[Fault, ...]]:
    """The cards with their numbers, and what is wrong with those that are none."""
    read: list[tuple[int, Mapping[str, str | None]]] = []
    faults = []
    for number, text in enumerate(cards, start=1):
        try:
            read.append((number, _columns_of(vobject.readOne(text, allowQP=True))))
        except (vobject.base.VObjectError, ValueError, IndexError, KeyError, AttributeError) as error:
            reason = re.sub(r"^At line \d+: ", "", str(error)) or type(error).__name__
            faults.append(Fault(number, None, f"no valid vCard: {reason}"[:300], text[:RAW_CAP]))
    return read, tuple(faults)


def _columns_of(card: Any) -> dict[str, str | None]:  # noqa: ANN401 - vobject has no types
    """The properties of a card as text by their names in small letters."""
    found: dict[str, str | None] = {}
    for name, lines in card.contents.items():
        if name in {"version", "adr", "n", "org"} | PICTURES:
            continue
        found[SEVERAL.get(name, name)] = _joined(_plain(line.value) for line in lines)
    addresses = [
        {column: _joined([getattr(a.value, part)]) for column, part in ADDRESS.items()} for a in _of(card, "adr")
    ]
    names = next(iter(_of(card, "n")), None)
    org = [part for line in _of(card, "org") for part in line.value]
    found |= {column: _joined([getattr(names.value, part)]) for column, part in NAMES.items()} if names else {}
    found |= {"org": org[0] or None if org else None, "org.unit": _joined(org[1:])}
    listed = [{name.removeprefix("adr."): text for name, text in address.items()} for address in addresses]
    found |= {"adr.rows": str(len(listed)), "adr": json.dumps(listed, ensure_ascii=False), **(addresses or [{}])[0]}
    return found


def _of(card: Any, name: str) -> list[Any]:  # noqa: ANN401 - vobject has no types
    """The lines of a property, the preferred one first."""
    return sorted(card.contents.get(name, ()), key=_preference)


def _preference(line: Any) -> int:  # noqa: ANN401 - vobject has no types
    """What PREF=1 of version 4, or the type `pref` of version 3, says: the lower, the more wanted."""
    said = line.params.get("PREF", [""])[0]
    types = {word.lower() for text in line.params.get("TYPE", ()) for word in text.split(",")}
    return int(said) if said.isascii() and said.isdigit() else 1 if "pref" in types else 101


def _plain(value: object) -> str:
    """A value as text; what is a URI in version 4 is a number or an address in version 3."""
    if isinstance(value, bytes):
        return ""
    text = JOINER.join(map(str, value)) if isinstance(value, list) else str(value)
    return text.removeprefix("tel:").removeprefix("mailto:").removeprefix("urn:uuid:")


def _joined(values: Any) -> str | None:  # noqa: ANN401 - texts, or lists of them as vobject gives them
    texts = [" ".join(map(str, value)) if isinstance(value, list) else str(value) for value in values]
    return JOINER.join(dict.fromkeys(text.strip() for text in texts if text.strip())) or None
