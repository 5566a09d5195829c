"""How alike two parts of persons' names are: mistyped, said alike, an initial, a short form, one of a double name.

Compared are distinct pairs of values that differ, never pairs of records; measures are rapidfuzz's, bounds ours.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from mdm.match.encode import MISSING, Ints, Longs
from mdm.match.person_sounds import sounds_of
from mdm.match.words import WORKERS
from mdm.rulebook import load_words

Kinds = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

UNTOLD: Final = -1
OTHER: Final = 0
ALIKE: Final = 1
INITIAL: Final = 2
NEARLY: Final = 3
FORM: Final = 4
"""A short form or another spelling of a given name: Bob and Robert, Kate and Catherine."""
WITHIN: Final = 5
"""One of the words of a double name: Sanchez and Sanchez Mendoza, Marie and Anna Marie."""
SAME: Final = 6


@cache
def given_forms() -> pl.DataFrame:
    """`form` and `name`: every form of a given name with each name it is a form of; a name is a form of itself."""
    text = (files("mdm.match") / "data" / "given_names.yaml").read_text(encoding="utf-8")
    rows = [(form, name) for name, forms in load_words(text).items() for form in (name, *forms)]
    return pl.DataFrame(rows, schema={"form": pl.String, "name": pl.String}, orient="row").unique().sort("form", "name")


def part_likeness(left: Ints, right: Ints, values: pl.Series, *, given: bool) -> Kinds:
    """How alike the parts (left[i], right[i]) are; symmetric; UNTOLD where one is missing, or they are
    written in two scripts.

    With `given` short forms count, and two names that are both known are no slip of the finger.
    """
    kinds = np.where(left == right, SAME, OTHER).astype(np.int8)
    native = np.append(values.str.contains(r"[^\x00-\x7f]").to_numpy(), False)
    kinds[(left == MISSING) | (right == MISSING) | (native[left] != native[right])] = UNTOLD
    todo = np.flatnonzero(kinds == OTHER)
    if len(todo):
        low, high = np.minimum(left[todo], right[todo]), np.maximum(left[todo], right[todo])
        distinct, place = np.unique(low.astype(np.int64) * len(values) + high, return_inverse=True)
        kinds[todo] = _unlike_values(distinct // len(values), distinct % len(values), values, given=given)[place]
    return kinds


def close_spelling(a: pl.Series, b: pl.Series) -> tuple[Flags, Flags]:
    """Whether two texts are nearly the same (a slip of the finger), and whether they are alike at all."""
    short = np.minimum(a.str.len_chars().to_numpy(), b.str.len_chars().to_numpy()).astype(np.int64)
    texts = (a.to_list(), b.to_list())
    edits = process.cpdist(*texts, scorer=OSA.distance, score_cutoff=3, workers=WORKERS).astype(np.int64)
    jaro = np.rint(process.cpdist(*texts, scorer=JaroWinkler.similarity, workers=WORKERS) * 1000).astype(np.int64)
    nearly = ((edits == 1) & (short >= 4)) | ((edits == 2) & (short >= 7)) | ((edits == 3) & (short >= 11))
    nearly |= (jaro >= 930) & (short >= 5)
    alike = ((edits == 1) & (short >= 3)) | ((edits == 2) & (short >= 5)) | (jaro >= 840)
    return np.asarray(nearly), np.asarray(nearly | alike)


def _unlike_values(left: Longs, right: Longs, values: pl.Series, *, given: bool) -> Kinds:
    """The kind of each distinct pair of values that differ."""
    pairs = pl.DataFrame({"a": values.gather(pl.Series(left)), "b": values.gather(pl.Series(right))})
    pairs = pairs.with_columns(
        x=pl.col("a").str.replace_all(" ", ""),
        y=pl.col("b").str.replace_all(" ", ""),
        aw=pl.col("a").str.split(" "),
        bw=pl.col("b").str.split(" "),
    )
    first = pl.col("aw").list.first(), pl.col("bw").list.first()
    shorter = pl.min_horizontal(pl.col("aw").list.len(), pl.col("bw").list.len())
    facts = pairs.select(
        joined=pl.col("x") == pl.col("y"),
        first=first[0] == first[1],
        within=_common_words() >= 1,
        all_within=_common_words() >= shorter,
        plain=shorter == 1,
        initial=pl.min_horizontal(first[0].str.len_chars(), first[1].str.len_chars()) == 1,
        letter=pl.col("x").str.slice(0, 1) == pl.col("y").str.slice(0, 1),
        begins=(pl.col("x").str.starts_with(pl.col("y")) | pl.col("y").str.starts_with(pl.col("x")))
        & (pl.min_horizontal(pl.col("x").str.len_chars(), pl.col("y").str.len_chars()) >= 3),
        bare=~pl.col("x").str.contains("[aeiou]") | ~pl.col("y").str.contains("[aeiou]"),
        said=(sounds_of(pairs["x"]) == sounds_of(pairs["y"])) & (sounds_of(pairs["x"]).str.len_chars() >= 2),
    )
    f = {name: facts[name].to_numpy() for name in facts.columns}
    nearly, alike = close_spelling(pairs["x"], pairs["y"])
    if given:
        one, other = (pairs.select(e).to_series() for e in first)
        first_nearly, first_alike = close_spelling(one, other)
        nearly, alike = nearly | (first_nearly & f["plain"]), alike | first_alike
        same = f["joined"] | (f["first"] & f["plain"])
        form = _share_form(one, other) | _share_form(pairs["x"], pairs["y"])
        f["letter"] = f["letter"] | _letter_of_form(one, other) | _letter_of_form(other, one)
        apart = _are_names(one, other)
    else:
        same, form, apart = f["joined"], *np.zeros((2, len(left)), dtype=np.bool_)
    return np.select(
        [
            same,
            f["all_within"] & f["within"],
            form,
            (nearly | (f["said"] & (alike | f["bare"])) | f["begins"] | f["within"]) & ~apart,
            f["initial"] & f["letter"],
            alike | f["said"] | f["begins"] | f["within"],
        ],
        [SAME, WITHIN, FORM, NEARLY, INITIAL, ALIKE],
        OTHER,
    ).astype(np.int8)


def _common_words() -> pl.Expr:
    """How many words of more than a letter both have."""
    longer = (pl.col(c).list.eval(pl.element().filter(pl.element().str.len_chars() > 1)) for c in ("aw", "bw"))
    one, other = longer
    return one.list.set_intersection(other).list.len()


def _share_form(left: pl.Series, right: pl.Series) -> Flags:
    """Whether there is a name of which both are a form."""
    forms = given_forms()
    pairs = pl.DataFrame({"a": left, "b": right}).with_row_index("pair")
    one = pairs.join(forms, left_on="a", right_on="form").select("pair", "name")
    other = pairs.join(forms, left_on="b", right_on="form").select("pair", "name")
    found = np.zeros(len(left), dtype=np.bool_)
    found[one.join(other, on=["pair", "name"], how="semi")["pair"].to_numpy()] = True
    return found


def _letter_of_form(letters: pl.Series, names: pl.Series) -> Flags:
    """Whether the letter is the first of another form of the name: B of Robert, who is called Bob."""
    forms = given_forms()
    other = forms.join(forms, on="name", suffix="_other").select("form", letter=pl.col("form_other").str.slice(0, 1))
    pairs = pl.DataFrame({"letter": letters, "form": names}).with_row_index("pair")
    found = np.zeros(len(letters), dtype=np.bool_)
    found[pairs.join(other, on=["letter", "form"], how="semi")["pair"].to_numpy()] = True
    return found


def _are_names(left: pl.Series, right: pl.Series) -> Flags:
    """Whether both are names that are known: Mark and Mary are two people, not one and a slip of the finger."""
    known = given_forms()["form"].unique().implode()
    return np.asarray((left.is_in(known) & right.is_in(known)).to_numpy())
