"""A system's view of its customers: the truth as its people typed it, with that system's habits."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws, Ints, Mask
from sample_data.habits import HABITS, Habits
from sample_data.lists import load_countries
from sample_data.spoiling import (
    blank,
    capitals,
    first_word_behind,
    last_word_first,
    misread,
    mistype,
    plain_letters,
    where,
)

REMARKS: Final = [" (alt)", " - GESPERRT", " *inaktiv*", " DO NOT USE", " (neu)", " - siehe Konzern"]
LAST_DAY: Final = 20_726
"""Days since 1970 of 30 September 2026."""
PLACEHOLDERS: Final = ["n/a", "unbekannt", "-", "test", "00000", "."]


class Writer:
    """One system's records while they are written; `rows` are the records with the truth beside them."""

    def __init__(self, system: str, draws: Draws, placed: pl.DataFrame, world: pl.DataFrame) -> None:
        self.system, self.draws = system, draws
        self.habits: Habits = HABITS[system]
        self.rows = placed.hstack(world.drop("entity")[placed["entity"]].get_columns())
        self.ids: Ints = self.rows["record"].to_numpy()

    def __getitem__(self, column: str) -> pl.Series:
        return self.rows[column]

    def mask(self, column: str) -> Mask:
        return np.asarray(self.rows[column].to_numpy(), dtype=np.bool_)

    def now_and_then(self, habit: str) -> Mask:
        return self.draws.hits(habit, self.ids, int(getattr(self.habits, habit)))

    def per_mille(self, purpose: str, rate: int) -> Mask:
        return self.draws.hits(f"{self.system} {purpose}", self.ids, rate)

    def any_of(self, purpose: str, choices: list[str]) -> pl.Series:
        return pl.Series(choices).gather(self.draws.below(f"{self.system} {purpose}", self.ids, len(choices)))

    def word(self, key: str, form: int = 0) -> pl.Series:
        words = load_countries().words(key, form + 1)
        return words.at(words.choose(self.draws, f"{self.system} {key}", self.ids, self["country"].to_numpy()), form)


def write_records(system: str, draws: Draws, placed: pl.DataFrame, world: pl.DataFrame) -> pl.DataFrame:
    """The records of one system in an order that tells nothing, with neutral columns that its layout renames.

    name, name_extra, given_name, family_written, street_written, house_written, postcode_written, city_written,
    phone_written, email, website, vat_written, duns_written, lei_written, changed, created.
    """
    order = np.lexsort((placed["record"].to_numpy(), draws.bits("file order", placed["record"].to_numpy())))
    w = Writer(system, draws, placed[order], world)
    columns = [*_names(w), *_addresses(w), *_contact(w), *_identifiers(w), *_dates(w)]
    return w.rows.with_columns(columns)


def _names(w: Writer) -> list[pl.Series]:
    firm, person = _firm_name(w), _person_name(w)
    is_person = w.mask("person")
    name = where(is_person, person, firm)
    name = where(w.now_and_then("typo"), mistype(name, w.draws, "name", w.ids), name)
    name = where(w.now_and_then("misread"), misread(name, w.draws, "scan", w.ids), name)
    native = w.now_and_then("native") & w.mask("has_native") if "has_native" in w.rows.columns else np.zeros(len(w.ids), np.bool_)
    name = where(native, w["native_name"], name) if native.any() else name
    extra = blank(w.word("departments"), ~w.now_and_then("department") | is_person)
    name = where(w.now_and_then("remark"), name + w.any_of("remark", REMARKS), name)
    name = where(w.now_and_then("plain"), plain_letters(name), name)
    name = where(w.now_and_then("capitals"), capitals(name), name)
    return [name.alias("name"), extra.alias("name_extra"), w["given"].alias("given_written"), w["family_name"].alias("family_written")]


def _firm_name(w: Writer) -> pl.Series:
    renamed = w.mask("renamed")
    head = where(renamed & w.now_and_then("old_name"), w["old_head"], w["head"])
    trade = where(w.now_and_then("abbreviated"), w["trade_short"], w["trade"])
    trade = blank(trade, w.now_and_then("trade_missing") & (w["head"].str.len_chars().to_numpy() > 4))
    other = where(w.per_mille("third form", 400), w["legal_third"], w["legal_second"])
    legal = where(w.now_and_then("legal_other"), other, w["legal"])
    legal = blank(legal, w.now_and_then("legal_missing"))
    stem = _joined(where(w.mask("trade_first"), trade.fill_null(""), head), where(w.mask("trade_first"), head, trade.fill_null("")))
    stem = where(w.now_and_then("reordered"), last_word_first(stem), stem)
    trading = w["brand_name"].is_not_null().to_numpy() & w.now_and_then("trade_name")
    full = where(trading, w["brand_name"], _joined(stem, legal.fill_null("")))
    full = _joined(full, w["site"].fill_null(""))
    in_name = w["site"].is_null().to_numpy() & w.now_and_then("city_added")
    return where(in_name, full + ", " + w["city"], full)


def _joined(*parts: pl.Series) -> pl.Series:
    frame = pl.DataFrame([p.alias(str(n)) for n, p in enumerate(parts)])
    return frame.select(pl.concat_str(pl.all(), separator=" ").str.strip_chars().str.replace_all("  ", " ")).to_series()


def _person_name(w: Writer) -> pl.Series:
    given, family = w["given"], w["family_name"]
    initial = given.str.slice(0, 1) + "."
    way = w.draws.weighted(f"{w.system} person", w.ids, [62, 18, 8, 7, 5])
    name = given + " " + family
    name = where(way == 1, family + ", " + given, name)
    name = where(way == 2, initial + " " + family, name)
    name = where(way == 3, family + " " + given, name)
    return where(way == 4, "Dr. " + given + " " + family, name)


def _addresses(w: Writer) -> list[pl.Series]:
    past = w.mask("moved") & w.now_and_then("old_address")
    street, house = where(past, w["old_street"], w["street"]), where(past, w["old_house"], w["house"])
    postcode, city = where(past, w["old_postcode"], w["postcode"]), where(past, w["old_city"], w["city"])
    facts = load_countries()
    country = w["country"].to_numpy()
    long, short = (pl.Series([c["street_short"][n] for c in facts.facts]).gather(country) for n in (0, 1))
    shorter = pl.DataFrame({"s": street, "l": long, "k": short}).select(
        pl.when(pl.col("s").str.ends_with(pl.col("l")) | pl.col("s").str.starts_with(pl.col("l")))
        .then(_swap())
        .otherwise("s")
    ).to_series()
    street = where(w.now_and_then("street_short"), shorter, street)
    house = where(w.per_mille("house spaced", 500), house.str.replace(r"([a-c])$", " $1"), house)
    city = where(w.per_mille("city alias", 200) & ~past, w["city_alias"], city)
    missing = w.now_and_then("address_missing")
    junk = w.any_of("junk", PLACEHOLDERS)
    street = where(w.now_and_then("placeholder"), junk, street)
    return [
        blank(street, missing).alias("street_written"),
        blank(house, missing | w.per_mille("no house", 12)).alias("house_written"),
        blank(postcode, missing | w.per_mille("no postcode", 25)).alias("postcode_written"),
        blank(city, missing & w.per_mille("no city", 500)).alias("city_written"),
    ]


def _swap() -> pl.Expr:
    at_end = pl.col("s").str.strip_suffix(pl.col("l"))
    at_start = pl.col("s").str.strip_prefix(pl.col("l"))
    return pl.when(pl.col("s").str.ends_with(pl.col("l"))).then(at_end + pl.col("k")).otherwise(pl.col("k") + at_start)


def _contact(w: Writer) -> list[pl.Series]:
    other = pl.Series(2_000_000 + w.draws.below("other phone", w.ids, 7_999_999)).cast(pl.String)
    number = where(w.now_and_then("phone_other"), other, w["number"])
    phone = written_phone(w, w["area"], number)
    phone = where(w.now_and_then("placeholder"), w.any_of("phone junk", ["00000", "n/a", "0", "123456"]), phone)
    local = where(w.mask("free_mail"), _mail_name(w), w.any_of("mailbox", ["info", "office", "mail", "einkauf"]))
    email = local + "@" + w["mail_domain"]
    site = w.any_of("url form", ["www.", "https://www.", "http://", ""]) + w["domain"]
    no_web = w.now_and_then("website_missing") | w.mask("person") | w.mask("free_mail")
    return [
        blank(phone, w.now_and_then("phone_missing")).alias("phone_written"),
        blank(email, w.now_and_then("email_missing")).alias("email"),
        blank(site, no_web).alias("website"),
    ]


def _mail_name(w: Writer) -> pl.Series:
    from sample_data.world import slug

    return slug(where(w.mask("person"), w["given"] + "." + w["family_name"], w["head"])).str.replace("-", ".") + (
        pl.Series(w["home"].to_numpy() % 89).cast(pl.String)
    )


def written_phone(w: Writer, area: pl.Series, number: pl.Series) -> pl.Series:
    """The number in one of the ways in which people write it."""
    dial, trunk = w["dial"], w["trunk"]
    spaced = number.str.slice(0, 3) + " " + number.str.slice(3)
    way = w.draws.weighted(f"{w.system} phone", w.ids, [30, 15, 15, 15, 10, 10, 5])
    ways = [
        "+" + dial + " " + area + " " + spaced,
        "+" + dial + area + number,
        trunk + area + " " + number,
        trunk + area + "/" + number,
        "00" + dial + " " + area + " " + number,
        "+" + dial + " (" + trunk + ")" + area + " " + spaced,
        "(" + trunk + area + ") " + spaced,
    ]
    out = ways[0]
    for n, text in enumerate(ways):
        out = where(way == n, text, out)
    return out


def _identifiers(w: Writer) -> list[pl.Series]:
    vat = w["vat"]
    digit = pl.Series(w.draws.below("wrong digit", w.ids, 10)).cast(pl.String)
    spoiled = vat.str.slice(0, 6) + digit + vat.str.slice(7)
    neighbour = vat.gather((np.arange(len(vat)) + 7) % max(1, len(vat)))
    vat = where(w.now_and_then("vat_wrong"), spoiled, vat)
    vat = where(w.now_and_then("vat_foreign"), neighbour, vat)
    spaced = vat.str.replace(r"^([A-Z]{2})(.{3})(.{3})(.*)$", "$1 $2 $3 $4")
    vat = where(w.per_mille("vat spaced", 200), spaced, vat)
    return [
        blank(vat, w.now_and_then("vat_missing")).alias("vat_written"),
        blank(w["duns"], w.now_and_then("duns_missing")).alias("duns_written"),
        w["lei"].alias("lei_written"),
    ]


def _dates(w: Writer) -> list[pl.Series]:
    """When each record was created and last changed, up to the day of the exports."""
    created = 14_600 + w.draws.below("created", w.ids, 5_700)
    changed = created + w.draws.below("changed", w.ids, LAST_DAY - created)
    second = w.draws.below("second of day", w.ids, 86_400)
    return [
        pl.Series(name, (day * 86_400 + second) * 1_000_000).cast(pl.Datetime("us"))
        for name, day in (("created", created), ("changed", changed))
    ]
