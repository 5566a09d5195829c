"""In which encoding a text file was written: read off where that can be, guessed and said where it cannot."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import charset_normalizer

from mdm.errors import InputRefused
from mdm.rulebook.source import Encoding, FileFormatRules
from mdm.sources.facts import READ_BLOCK
from mdm.sources.fingerprint import Fingerprint
from mdm.sources.letters import central_european

NAMES: Final = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252", "cp1250": "Windows-1250"}
UTF8_MARK: Final = b"\xef\xbb\xbf"
UTF16_MARKS: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}

UNDEFINED: Final = {"cp1252": bytes.fromhex("818d8f909d"), "cp1250": bytes.fromhex("8183889098")}
"""Bytes that mean nothing in these code pages: a file that has one was not written in it."""

WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
MOST_WORDS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding that can be declared (or None, with the name of a foreign one), and how sure it is, in words."""

    encoding: Encoding | None
    note: str
    foreign: str = ""


class Undecodable(Exception):
    """The bytes are not of the encoding; `before` is the text of the block up to the first wrong byte."""

    def __init__(self, before: bytes) -> None:
        super().__init__()
        self.before = before


def guess_encoding(path: Path, facts: Fingerprint) -> Guess:
    """The likely encoding of a text file, from its mark, its bytes, and the letters that its words would have."""
    if facts.head.startswith(UTF8_MARK) and facts.is_utf8:
        return Guess("utf-8", "The encoding is UTF-8: the file begins with its mark.")
    if facts.head[:2] in UTF16_MARKS:
        return Guess("utf-16", "The encoding is UTF-16: the file begins with its mark.")
    if _utf16_order(facts.head):
        return Guess("utf-16", "The encoding is most likely UTF-16: every second byte is zero.")
    if facts.is_ascii:
        return Guess("utf-8", "The file holds plain ASCII only, which every encoding writes alike.")
    if facts.is_utf8:
        return Guess("utf-8", "The encoding is UTF-8: the whole file is valid UTF-8.")
    return _guess_code_page(path, facts.head)


def _guess_code_page(path: Path, head: bytes) -> Guess:
    words, used = _words_beyond_ascii(path)
    possible = [page for page, undefined in UNDEFINED.items() if not used & set(undefined)]
    runs = [run for word in words for run in re.findall(rb"[\x80-\xff]+", word)]
    if not possible or sum(len(run) > 2 for run in runs) * 4 > len(runs):
        best = charset_normalizer.from_bytes(head, cp_exclusion=["utf_16_be", "utf_16_le"]).best()
        return Guess(None, "", best.encoding if best else "")
    verdict = central_european(words)
    page = "cp1250" if verdict > 0 else "cp1252"
    if page not in possible:
        return Guess(_page(possible[0]), f"The encoding is {NAMES[possible[0]]}: it alone knows all bytes of the file.")
    if verdict == 0:
        return Guess(
            _page(page), f"The encoding was guessed: {NAMES[page]}; its letters would be alike in Windows-1250."
        )
    other = NAMES["cp1252" if page == "cp1250" else "cp1250"]
    return Guess(
        _page(page), f"The encoding was guessed: {NAMES[page]} gives likelier words than {other}; please check."
    )


def _page(name: str) -> Encoding:
    return cast("Encoding", name)


def _words_beyond_ascii(path: Path) -> tuple[list[bytes], set[int]]:
    """The first distinct words with a byte above 127, in the order of the file, and every such byte of the file."""
    words: dict[bytes, None] = {}
    used: set[int] = set()
    with path.open("rb") as stream:
        while block := stream.read(READ_BLOCK):
            used.update(byte for byte in set(block) if byte > 127)
            if len(words) < MOST_WORDS:
                words.update(dict.fromkeys(WORD.findall(block)))
    return list(words)[:MOST_WORDS], used


def _utf16_order(head: bytes) -> str:
    """The byte order when text without a mark has nearly all its zero bytes at odd, or at even, places."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 < len(head) or min(even, odd) * 20 > max(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def decoded(blocks: Iterator[bytes], encoding: str, head: bytes) -> Iterator[bytes]:
    """The text of a file as UTF-8 without a mark, block by block; lone surrogates pass and are found later.

    Raises Undecodable at the first byte that is not of the encoding.
    """
    codec, mark = _codec(encoding, head)
    decoder = codecs.getincrementaldecoder(codec)("surrogatepass" if codec.startswith("utf") else "strict")
    for block in blocks:
        body, mark = block.removeprefix(mark), b""
        text = _decode(decoder, body, codec, final=False)
        yield body if codec == "utf-8" else text.encode("utf-8", "surrogatepass")
    yield _decode(decoder, b"", codec, final=True).encode("utf-8", "surrogatepass")


def _codec(encoding: str, head: bytes) -> tuple[str, bytes]:
    """Python's codec for a declared encoding, and the mark to leave out."""
    if encoding == "utf-8":
        return "utf-8", UTF8_MARK if head.startswith(UTF8_MARK) else b""
    if encoding == "utf-16":
        mark = head[:2] if head[:2] in UTF16_MARKS else b""
        return UTF16_MARKS.get(mark) or _utf16_order(head) or "utf-16-le", mark
    return encoding, b""


def _decode(decoder: codecs.IncrementalDecoder, block: bytes, codec: str, *, final: bool) -> str:
    pending = decoder.getstate()[0]
    if codec == "utf-8" and not pending and block.isascii():
        return ""
    try:
        return decoder.decode(block, final)
    except UnicodeDecodeError as error:
        good = error.object[: error.start].decode(codec, "surrogatepass" if codec.startswith("utf") else "replace")
        raise Undecodable(good.encode("utf-8", "surrogatepass")) from None


def text_encoding(path: Path, rules: FileFormatRules, facts: Fingerprint) -> tuple[str, ...]:
    """The declared encoding; else the guessed one, and a note on it. Raises InputRefused for one that is not read."""
    if rules.encoding:
        return (rules.encoding,)
    guess = guess_encoding(path, facts)
    if guess.encoding is None:
        looks = f" It looks like {guess.foreign}." if guess.foreign else ""
        raise InputRefused(f"{path.name} is in an encoding that is not read.{looks}", "Save it as UTF-8.")
    return guess.encoding, guess.note


def refuse_encoding(path: Path, declared: str, record: int, facts: Fingerprint) -> InputRefused:
    """The refusal of a file that is not of its encoding, naming the record and the likely encoding."""
    guess = guess_encoding(path, facts)
    if guess.encoding and guess.encoding != declared:
        step = f"It looks like {NAMES[guess.encoding]}: declare `encoding: {guess.encoding}` in its format."
    elif guess.foreign:
        step = f"It looks like {guess.foreign}: save it as UTF-8."
    else:
        step = "Save it as UTF-8."
    return InputRefused(f"{path.name}: record {record} is not {NAMES[declared]}.", step)
