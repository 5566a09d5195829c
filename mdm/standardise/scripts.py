"""Writing systems: invisible characters, lookalike letters, and the way from other scripts to Latin letters.

Chinese, Japanese and Korean characters are kept as they are: read aloud by a machine, a Japanese name comes out as
Chinese, and no table of sounds makes it equal to the name the firm uses abroad.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from anyascii import anyascii

CJK: Final = (
    "\u3005-\u3007\u3040-\u309a\u309d-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uac00-\ud7a3\U00020000-\U0003ffff"
)
"""Han, kana and hangul, as the inside of a character class."""

_CJK_CHARACTER: Final = re.compile(f"[{CJK}]")
_MARKS: Final = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TOO_MANY_MARKS: Final = re.compile(f"([{_MARKS}]{{8}})[{_MARKS}]+")
_POINTS: Final = re.compile("[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_OTHER_ALPHABET: Final = re.compile("[\u0370-\u03ff\u0400-\u052f\u1f00-\u1fff]")
_MIXED_WORD: Final = re.compile("[a-z\u0370-\u03ff\u0400-\u052f\u1f00-\u1fff]+")
_GREEK: Final = re.compile("[\u0370-\u03ff\u1f00-\u1fff]+")

_LOOKS_LATIN: Final = str.maketrans(
    "авеіјѕкмнорстухѵһԁԛԝ" + "αβεζηικμνορτυχϲ",
    "abeijskmhopctyxvhdqw" + "abezhikmnoptyxc",
)
_LOOKS_CYRILLIC: Final = str.maketrans("abcehijkmopstyx", "авсеніјкморѕтух")
_GREEK_PAIRS: Final = (("ου", "ou"), ("αυ", "au"), ("ευ", "eu"), ("γγ", "ng"), ("γκ", "gk"), ("γχ", "nch"))
_GREEK_LETTERS: Final = str.maketrans(
    dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(), strict=True))
)
_SIMPLER_HAN: Final = str.maketrans(
    "臺灣國際業電車廠東廣長門開關機設備產業資訊實證銀險醫藥學術聯華龍興發達貿運輸區農漁織紡線網鋼鐵錫銅鋁礦風飛馬鳥魚麗寶隆豐億萬億廈縣島橋經濟總營團務報紙書館館號後會員現優體點齒樂劇戲遊藝專協勞動環衛監測義統鑫應軟億創導態氣濱潔維穩級紅綠緯織續羅顯識話語譯護變讓贊輕載農過遠選鄉錄鎮鏈門間閣陽陸雙難雲電靜頂項預頭題類飲養餘驗驛驗麥黃齊龜沢竜対応広駅県関東鉄薬証険経済総豊",
    "台湾国际业电车厂东广长门开关机设备产业资讯实证银险医药学术联华龙兴发达贸运输区农渔织纺线网钢铁锡铜铝矿风飞马鸟鱼丽宝隆丰亿万亿厦县岛桥经济总营团务报纸书馆馆号后会员现优体点齿乐剧戏游艺专协劳动环卫监测义统鑫应软亿创导态气滨洁维稳级红绿纬织续罗显识话语译护变让赞轻载农过远选乡录镇链门间阁阳陆双难云电静顶项预头题类饮养余验驿验麦黄齐龟泽龙对应广驿县关东铁药证险经济总丰",
)
"""Traditional and Japanese forms of frequent characters, to one form."""


class _Cleaner(dict[int, str | None]):
    """What becomes of one character before NFKC: filled as characters are met, bounded by Unicode."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        self[code] = value = self.clean(character)
        return value

    @staticmethod
    def clean(character: str) -> str | None:
        if character in "’‘‛`´ʼʹʻ′＇":
            return "'"
        if character in "™®©℠℗" or unicodedata.category(character) in {"Cf", "Cs", "Co", "Cn"}:
            return None
        if unicodedata.category(character) == "Cc":
            return " " if character.isspace() else None
        if unicodedata.category(character) == "Pd":
            return "-"
        return " " if character.isspace() else character


class _Transliterator(dict[int, str | None]):
    """What becomes of one clean character: Latin letters, itself, a blank or nothing; filled as characters are met."""

    def __missing__(self, code: int) -> str | None:
        self[code] = value = self.latin(chr(code))
        return value

    @staticmethod
    def latin(character: str) -> str | None:
        if _CJK_CHARACTER.match(character):
            return character if character.isalnum() else " "
        category = unicodedata.category(character)
        if category[0] in "SZ":
            return " "
        if category[0] == "M" and re.match(f"[{_MARKS}]", character):
            return None
        plain = anyascii(character).lower()
        return "".join(c if c.isalnum() else " " for c in plain.replace("'", "").replace("`", ""))


_CLEAN: Final = _Cleaner()
_LATIN: Final = _Transliterator({code: chr(code) for code in range(128)})


def clean_text(text: str) -> str:
    """The text in its own script: NFKC, casefolded, without invisible characters, lookalike letters put right.

    At most eight marks a letter are kept, so that a letter under ten thousand marks costs nothing.
    """
    text = _TOO_MANY_MARKS.sub(r"\1", text).translate(_CLEAN)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_CLEAN)
    if _OTHER_ALPHABET.search(text):
        text = _MIXED_WORD.sub(_one_alphabet, text)
    return text


def to_latin(text: str) -> str:
    """The text in small Latin letters, digits and signs; Chinese, Japanese and Korean are kept in their own."""
    text = _POINTS.sub("", clean_text(text))
    if _OTHER_ALPHABET.search(text):
        text = _GREEK.sub(_greek, text)
    return text.translate(_SIMPLER_HAN).translate(_LATIN)


def has_cjk(text: str) -> bool:
    """Whether the text holds a Chinese, Japanese or Korean character."""
    return not text.isascii() and _CJK_CHARACTER.search(text) is not None


def _one_alphabet(word: re.Match[str]) -> str:
    """A word of two alphabets in the one of which all its letters could be; any other word as it is."""
    text = word[0]
    if text.isascii() or not any("a" <= c <= "z" for c in text):
        return text
    latin = text.translate(_LOOKS_LATIN)
    if latin.isascii():
        return latin
    other = text.translate(_LOOKS_CYRILLIC)
    return text if any("a" <= c <= "z" for c in other) else other


def _greek(run: re.Match[str]) -> str:
    """Greek in the Latin letters of ELOT 743, without its pairs that depend on the sound of the next letter."""
    plain = "".join(c for c in unicodedata.normalize("NFD", run[0]) if not unicodedata.combining(c))
    for pair, latin in _GREEK_PAIRS:
        plain = plain.replace(pair, latin)
    return plain.translate(_GREEK_LETTERS)
