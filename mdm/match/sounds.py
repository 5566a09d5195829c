"""How names sound: Chinese, Japanese and Korean names in the Latin letters that firms write for them abroad.

No firm spells its name by one standard: Wade-Giles, Pinyin, Cantonese and what the founder liked stand side by side.
So both sides are brought to the same few letters, and a native name gets all its spellings, each with its distance
from the usual ones. `data/sounds.yaml` holds the spellings of each syllable; readings of characters are anyascii's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import polars as pl
from anyascii import anyascii

from mdm.rulebook import load_words

Spellings = Mapping[str, int]
"""Spellings with the distance of each from the usual ones, in tenths."""

MOST_SYLLABLES: Final = 4
FARTHEST: Final = 20
JAPANESE_READING: Final = 6
"""How far a Japanese reading is: characters alone do not say that they are Japanese."""

BY_CONSONANTS: Final = 8
SHORTEST_SOUND: Final = 3
CONSONANT_MARK: Final = "#"

_SIBILANT: Final = frozenset({"zh", "ch", "sh", "z", "c", "s", "r"})
_FRONT: Final = frozenset({"j", "q", "x"})
_DOUBLED: Final = "bcdfghjklmnpqrstvwxz"
_DOUBLE: Final = re.compile(rf"([{_DOUBLED}])\1+")
_SILENT: Final = re.compile(r"([aeiouy])[hr]+(?![aeiouywh])")
_NOT_LETTER: Final = re.compile("[^a-z]")
_KANA: Final = re.compile("^[\u3041-\u30ff\u31f0-\u31ff]+")
_HANGUL: Final = re.compile("^[\uac00-\ud7a3]+$")
_ONE_OF_A_DOUBLE: Final = (
    "|".join(f"({c}){c}+" for c in _DOUBLED),
    "".join(f"${{{n + 1}}}" for n in range(len(_DOUBLED))),
)
_CONSONANTS: Final = (
    (r"ck|q|c([aoulrtk])|c$", "k${1}"),
    (r"tsch|tch|ts|dz|ch|j|z|c", "c"),
    (r"sh|x", "s"),
    ("ph", "p"),
    ("ng", "n"),
    ("[aeiouyw]", ""),
)
_CLASSES: Final = ("bdgvrm", "ptkpln")


@dataclass(frozen=True, slots=True)
class _Sounds:
    letters: tuple[tuple[str, str], ...]
    initials: dict[str, Spellings]
    finals: dict[str, Spellings]
    japanese: dict[str, tuple[str, ...]]


@cache
def _sounds() -> _Sounds:
    lists = words_of("sounds")
    return _Sounds(
        tuple((a, b) for a, b in lists["letters"]),
        {name: {k: int(v) for k, v in found.items()} for name, found in lists["initials"].items()},
        {name: {k: int(v) for k, v in found.items()} for name, found in lists["finals"].items()},
        {name: tuple(found) for name, found in lists["japanese"].items()},
    )


def words_of(name: str) -> Any:  # noqa: ANN401 (each list has its own shape, known to the module that reads it)
    """The content of `data/NAME.yaml`, every scalar as text."""
    return load_words((files("mdm.match") / "data" / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def plain_sound(word: str) -> str:
    """A word of Latin letters in the few letters that all spellings are brought to: hsin, shin and xin as sin."""
    plain = _DOUBLE.sub(r"\1", _NOT_LETTER.sub("", word))
    plain = _SILENT.sub(r"\1", plain)
    for written, sound in _sounds().letters:
        plain = plain.replace(written, sound)
    return plain


def plain_sounds(words: pl.Series) -> pl.Series:
    """`plain_sound` of each word, each distinct one asked once."""
    known = words.drop_nulls().unique()
    sounds = pl.Series([plain_sound(word) for word in known.to_list()], dtype=pl.String)
    return words.replace_strict(known, sounds, default=None, return_dtype=pl.String)


def spoken_as_one(sound: pl.Expr, further: pl.Expr) -> pl.Expr:
    """Two sounds as one; a letter at the joint that both have counts once."""
    meet = (sound.str.tail(1) == further.str.head(1)) & (sound != "")
    return pl.concat_str(sound, pl.when(meet).then(further.str.slice(1)).otherwise(further))


def consonants(words: pl.Expr) -> pl.Expr:
    """What is left of each word when vowels are left out and alike consonants made one, behind a mark of its own; empty
    where too little is left. So panasonikku is Panasonic.
    """
    left = words.str.replace_all(_NOT_LETTER.pattern, "").str.replace_all(*_ONE_OF_A_DOUBLE)
    for found, sound in _CONSONANTS:
        left = left.str.replace_all(found, sound)
    left = left.str.replace_many(*map(list, _CLASSES))
    return pl.when(left.str.len_chars() >= SHORTEST_SOUND).then(pl.lit(CONSONANT_MARK) + left).otherwise(pl.lit(""))


class Beginnings:
    """The beginnings of sounds, as a container: whether some sound begins with a text that is not empty."""

    def __init__(self, sounds: pl.Series) -> None:
        self._sounds = sounds.unique().sort().to_list()

    def __contains__(self, text: object) -> bool:
        if not isinstance(text, str):
            return False
        at = bisect_left(self._sounds, text)
        return bool(text) and at < len(self._sounds) and self._sounds[at].startswith(text)


def spelled_by_sound(texts: Iterable[str]) -> dict[str, Spellings]:
    """The sounds of what is written by sound at the head of native names: a run of kana, or hangul."""
    heads = pl.DataFrame({"head": sorted({head for text in texts for head in _heads_by_sound(text)})})
    written = pl.Series([anyascii(h.replace("\u30c3", "")).lower() for h in heads["head"].to_list()], dtype=pl.String)
    sounds = heads.with_columns(plain=plain_sounds(written)).with_columns(
        bare=pl.select(consonants(pl.lit(written))).to_series()
    )
    return {
        head: {s: far for s, far in ((plain, 0), (bare, BY_CONSONANTS)) if len(s) > SHORTEST_SOUND}
        for head, plain, bare in sounds.iter_rows()
    }


def _heads_by_sound(characters: str) -> list[str]:
    kana = _KANA.match(characters)
    if kana:
        return [kana[0]]
    heads = (characters[: at + 1] for at in range(1, min(len(characters), MOST_SYLLABLES)))
    return [head for head in heads if _HANGUL.match(head)]


def spellings(characters: str, begins: Container[str], by_sound: Mapping[str, Spellings]) -> list[tuple[int, str, int]]:
    """The sounds of the first two, three and four of those native characters, each with its distance; a run of kana is
    only spelled as a whole. Only sounds that are in `begins` are followed: the beginnings of all names they may meet.
    `by_sound` has what `spelled_by_sound` says of them.
    """
    kana = _KANA.match(characters)
    if kana:
        return [(kana.end(), sound, far) for sound, far in by_sound[kana[0]].items() if sound in begins]
    found: list[tuple[int, str, int]] = []
    chinese, japanese = {"": 0}, {"": JAPANESE_READING}
    for at, character in enumerate(characters[:MOST_SYLLABLES]):
        chinese = _longer(chinese, _chinese(anyascii(character).lower()), begins)
        japanese = _longer(japanese, _japanese(character), begins)
        if at:
            head = characters[: at + 1]
            whole = dict.fromkeys(_japanese(head), JAPANESE_READING)
            sounds = {**by_sound.get(head, {}), **whole, **japanese, **chinese}
            found += [(at + 1, sound, far) for sound, far in sounds.items() if len(sound) >= SHORTEST_SOUND]
    return [way for way in found if way[1] in begins]


def _longer(begun: Spellings, syllable: Spellings, begins: Container[str]) -> dict[str, int]:
    """All spellings of what was begun with all spellings of a further syllable, but those that are too far or lead
    nowhere.
    """
    longer: dict[str, int] = {}
    for start, far in begun.items():
        for end, farther in syllable.items():
            sound = _join(start, end)
            if far + farther <= FARTHEST and sound in begins:
                longer[sound] = min(far + farther, longer.get(sound, FARTHEST))
    return longer


def _join(start: str, end: str) -> str:
    return start + end[1:] if start[-1:] == end[:1] else start + end


@cache
def _chinese(pinyin: str) -> Spellings:
    """The spellings of one syllable; none where it is no syllable of Mandarin."""
    table = _sounds()
    first = next((i for i in ("zh", "ch", "sh", pinyin[:1]) if i and pinyin.startswith(i) and i in table.initials), "")
    last = pinyin[len(first) :]
    if first in _SIBILANT and last == "i":
        last = "-i"
    elif (first in _FRONT and last.startswith("u")) or (first in {"l", "n"} and last == "ue"):
        last = "v" + last[1:]
    finals = dict(table.finals.get(last, {}))
    if pinyin in {"lu", "nu"}:
        finals |= {k: v for k, v in table.finals["v"].items() if k not in finals}
    found: dict[str, int] = {}
    for start, far in table.initials[first].items():
        for end, farther in finals.items():
            sound = _join(start, end)
            found[sound] = min(far + farther, found.get(sound, 99))
    return found


@cache
def _japanese(characters: str) -> Spellings:
    """The readings of a character, or of a word that is read as a whole."""
    return dict.fromkeys(map(plain_sound, _sounds().japanese.get(characters, ())), 0)
