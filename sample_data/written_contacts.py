"""How a system's people write telephone numbers, mail, web addresses and tax numbers."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.spoiling import blank, where
from sample_data.web import slug
from sample_data.writer import Writer

NO_PHONES: Final = ("00000", "n/a", "0", "123456", "+49 000 000000")
NO_MAILS: Final = ("noemail@noemail.example", "info@unbekannt.example", "n/a", "test@test.example")
NO_VATS: Final = ("n/a", "DE999999999", "DE000000000", "unbekannt", "0", "nicht vorhanden")
MAILBOXES: Final = ("info", "info", "office", "mail", "kontakt", "einkauf")


def written_contacts(w: Writer) -> list[pl.Series]:
    """phone_written, fax_written, mobile_written, email, website."""
    other = pl.Series(20_000_000 + w.draws.below("other phone", w.ids, 79_999_999)).cast(pl.String)
    frame = pl.DataFrame({"number": w["number"], "other": other})
    other = frame.select(pl.col("other").str.slice(0, pl.col("number").str.len_chars())).to_series()
    phone = written_phone(w, where(w.habit("phone_other"), other, w["number"]))
    phone = where(w.habit("placeholder"), w.any_of("which no phone", NO_PHONES), phone)
    phone = blank(phone, w.habit("phone_missing"))
    fax = blank(written_phone(w, w["number"].str.slice(0, 4) + other.str.slice(4)), ~w.chance("has fax", 250))
    in_fax = w.chance("phone in fax", 6)
    person, free = w.mask("person"), w.mask("free_mail")
    local = where(person, slug(w["given"] + " " + w["family_name"]), slug(w["head"])).str.replace_all("-", ".")
    local = where(w.mask("own_mailbox") | free, local, w.any_of("mailbox", MAILBOXES))
    email = where(w.chance("mail junk", 8), w.any_of("which no mail", NO_MAILS), local + "@" + w["mail_domain"])
    site = w.any_of("url form", ["www.", "https://www.", "http://", ""]) + w["domain"]
    return [
        where(in_fax, fax, phone).alias("phone_written"),
        where(in_fax, phone, fax).alias("fax_written"),
        blank(email, w.habit("email_missing")).alias("email"),
        blank(site, w.habit("website_missing") | person | free).alias("website"),
    ]


def written_phone(w: Writer, number: pl.Series) -> pl.Series:
    """The number in one of the ways in which people write it."""
    area, dial, trunk = w["area"], w["dial"], w["trunk"]
    spaced = number.str.slice(0, 3) + " " + number.str.slice(3)
    ways = [
        "+" + dial + " " + area + " " + spaced,
        "+" + dial + area + number,
        trunk + area + " " + number,
        trunk + area + "/" + number,
        "00" + dial + " " + area + " " + number,
        "+" + dial + " (" + trunk + ")" + area + " " + spaced,
        "(" + trunk + area + ") " + spaced,
        trunk + area + "-" + number,
    ]
    way = w.way("phone written", [30, 15, 15, 15, 8, 8, 5, 4])
    out = ways[0]
    for n, text in enumerate(ways):
        out = where(np.equal(way, n), text, out)
    return out.str.replace(" ()", "", literal=True)


def written_identifiers(w: Writer) -> list[pl.Series]:
    """vat_written, tax_written (American employer numbers), duns_written, lei_written, iban_written, birth_written."""
    american = (w["code"] == "US").to_numpy()
    vat = _spoiled(w, w["vat"])
    spaced = vat.str.replace(r"^([A-Z]{2})(.{3})(.{3})(.*)$", "$1 $2 $3 $4")
    vat = where(w.chance("vat spaced", 150), spaced, vat)
    vat = where(w.chance("vat without country", 40), vat.str.slice(2), vat)
    vat = where(w.habit("placeholder") & ~w.mask("person"), w.any_of("which no vat", NO_VATS), vat)
    # A contact of a firm shows the firm's number only where the system copies it down.
    vat = blank(vat, w.habit("vat_missing") | (w.mask("person") & ~w.chance("contact with vat", 300)))
    duns = where(w.chance("vat in duns", 6), w["vat"], w["duns"])
    iban = where(w.chance("iban spaced", 500), w["iban"].str.replace_all(r"(.{4})", "$1 ").str.strip_chars(), w["iban"])
    return [
        blank(vat, american).alias("vat_written"),
        blank(vat, ~american).alias("tax_written"),
        blank(duns, w.habit("duns_missing")).alias("duns_written"),
        blank(w["lei"], w.habit("lei_missing")).alias("lei_written"),
        blank(iban, w.habit("iban_missing") | w.mask("person")).alias("iban_written"),
        blank(w["birth_date"], w.habit("birth_missing")).alias("birth_written"),
    ]


def _spoiled(w: Writer, vat: pl.Series) -> pl.Series:
    """Some numbers with a wrong digit, some that are another customer's."""
    digit = pl.Series(w.draws.below("wrong digit", w.ids, 10)).cast(pl.String)
    wrong = vat.str.slice(0, 6) + digit + vat.str.slice(7)
    neighbour = vat.gather(np.roll(np.arange(len(vat)), 7))
    return where(w.habit("vat_foreign"), neighbour, where(w.habit("vat_wrong"), wrong, vat))
