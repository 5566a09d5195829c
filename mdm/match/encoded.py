"""All standard records as arrays: everything that blocking and comparing look at, encoded once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.match.encode import MISSING, Column, Ints, Lists, encode_column, encode_lists, encode_within, surprise
from mdm.match.encode_persons import PersonCodes, encode_persons
from mdm.match.number_countries import with_countries
from mdm.match.two_scripts import TwoScripts, find_two_scripts
from mdm.match.words import Vocabulary

NAME_WIDTH: Final = 10
ALIAS_WIDTH: Final = 6
STREET_WIDTH: Final = 6
PHONE_DIGITS: Final = 8
"""Two notations of one telephone number agree in their last eight digits: prefixes come before them."""

PREFIX_LENGTH: Final = 6
SKELETON_LENGTH: Final = 8
SHORTEST_ACRONYM: Final = 3
EXCLUSIVE: Final = r"^(vat:[A-Z]{2}|lei:)"
"""Kinds of number with a checksum of which a customer has one: two valid ones that differ are two customers."""

FOR_LIFE: Final = r"^(vat:[A-Z]{2}|lei:|tax:[A-Z]{2}:[a-z]+)"
"""The same of persons: besides, the numbers that their state gave them for life."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Codes of every record, by rid.

    An alias is as surprising as it is rare among aliases and acronyms together.
    """

    size: int
    system: Column
    person: npt.NDArray[np.bool_]
    tokens: Lists
    words: Vocabulary
    joined: Column
    aliases: Lists
    acronym: Column
    prefix: Column
    skeleton: Column
    legal_form: Column
    given: Column
    family: Column
    birth_date: Column
    street: Lists
    house: Column
    postcode: Column
    area: Column
    city: Column
    region: Column
    country: Column
    phones: Lists
    emails: Lists
    domains: Lists
    brands: Lists
    identifiers: Lists
    unverified: Lists
    schemes: Lists
    parent: Ints
    persons: PersonCodes
    scripts: TwoScripts


def encode_records(standard: pl.DataFrame) -> Encoded:
    """All codes of a STANDARD table; nothing depends on the order of its rows but the rids themselves."""
    standard = standard.with_columns(identifiers=with_countries(standard["identifiers"]))
    derived = standard.select(
        joined=pl.col("name_tokens").list.join(""),
        acronym=_acronym(),
        brands=pl.col("domains").list.eval(pl.element().str.split(".").list.first()),
        others=pl.col("other_names").list.eval(pl.element().str.replace_all(" ", "")),
        skeleton=pl.col("name_tokens").list.join("").pipe(_skeleton),
        street=pl.col("street").str.split(" "),
        phones=pl.col("phones").list.eval(pl.element().str.replace_all(r"\D", "").str.tail(PHONE_DIGITS)),
        schemes=pl.when(pl.col("kind") == "person")
        .then(pl.col("identifiers").list.eval(pl.element().str.extract(FOR_LIFE)))
        .otherwise(pl.col("identifiers").list.eval(pl.element().str.extract(EXCLUSIVE))),
        unverified=pl.col("invalid_identifiers"),
    )
    aliases = derived.select(
        pl.concat_list(
            pl.col("joined").fill_null(""),
            pl.col("others").fill_null([]),
            pl.col("brands").fill_null([]),
        )
    ).to_series()
    names = encode_lists(aliases, width=ALIAS_WIDTH)
    birth_date, identifiers = encode_column(standard["birth_date"]), encode_lists(standard["identifiers"])
    joined = encode_column(derived["joined"])
    tokens = encode_lists(standard["name_tokens"], width=NAME_WIDTH)
    acronym = encode_within(derived["acronym"], names.values)
    return Encoded(
        size=standard.height,
        system=encode_column(standard["system"]),
        person=(standard["kind"] == "person").fill_null(value=False).to_numpy(),
        tokens=tokens,
        words=Vocabulary.of(tokens),
        joined=joined,
        aliases=replace(names, bits=surprise(names.counts + acronym.counts, standard.height)),
        acronym=acronym,
        prefix=encode_column(derived["joined"].str.slice(0, PREFIX_LENGTH)),
        skeleton=encode_column(derived["skeleton"]),
        legal_form=encode_column(standard["legal_form"]),
        given=encode_column(standard["given_name"]),
        family=encode_column(standard["family_name"]),
        birth_date=birth_date,
        street=encode_lists(derived["street"], width=STREET_WIDTH),
        house=encode_column(standard["house_number"]),
        postcode=encode_column(standard["postcode"]),
        area=encode_column(standard["postcode"].str.slice(0, 3)),
        city=encode_column(standard["city"]),
        region=encode_column(standard["region"]),
        country=encode_column(standard["country"]),
        phones=encode_lists(derived["phones"]),
        emails=encode_lists(standard["emails"]),
        domains=encode_lists(standard["domains"]),
        brands=encode_lists(derived["brands"]),
        identifiers=identifiers,
        unverified=encode_lists(derived["unverified"]),
        schemes=encode_lists(derived["schemes"]),
        parent=_parents(standard),
        persons=encode_persons(standard, birth_date.values, identifiers.values),
        scripts=find_two_scripts(joined, standard["name_core"]),
    )


def _acronym() -> pl.Expr:
    tokens = pl.col("name_tokens")
    return pl.when(tokens.list.len() >= SHORTEST_ACRONYM).then(
        tokens.list.eval(pl.element().str.slice(0, 1)).list.join("")
    )


def _skeleton(joined: pl.Expr) -> pl.Expr:
    """The first letter and the consonants after it: what most typing errors and vowel spellings leave alone."""
    rest = joined.str.slice(1).str.replace_all(r"[aeiouyh]", "")
    return pl.when(joined.str.len_chars() >= 5).then(
        pl.concat_str(joined.str.slice(0, 1), rest).str.slice(0, SKELETON_LENGTH)
    )


def _parents(standard: pl.DataFrame) -> Ints:
    """The rid of each record's parent in the same system, -1 where there is none."""
    own = standard.select("system", "rid", parent_key="key")
    found = standard.select("system", "parent_key").join(
        own, on=["system", "parent_key"], how="left", maintain_order="left"
    )
    return found["rid"].fill_null(MISSING).to_numpy().astype(np.int32)
