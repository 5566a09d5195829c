"""Domains and mailboxes of the invented world, all under the reserved ending .example."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws
from sample_data.families import is_kind
from sample_data.spoiling import where

FREE_MAIL: Final = ("freemail.example", "webpost.example", "postbox.example")
ENDINGS: Final = ("", "", "", "-group", "24", "-online")
LETTERS_FROM: Final = ["ä", "ö", "ü", "ß", "ø", "å", "æ", "ł", "đ"]
LETTERS_TO: Final = ["ae", "oe", "ue", "ss", "oe", "aa", "ae", "l", "d"]


def slug(texts: pl.Series) -> pl.Series:
    """Lower-case ASCII letters, digits and hyphens."""
    folded = texts.str.to_lowercase().str.replace_many(LETTERS_FROM, LETTERS_TO).str.normalize("NFKD")
    return folded.str.replace_all(r"\p{M}", "").str.replace_all(r"[^a-z0-9]+", "-").str.strip_chars("-")


def web_addresses(draws: Draws, world: pl.DataFrame) -> list[pl.Series]:
    """domain, mail_domain, free_mail, own_mailbox: a domain as a firm's word and trade would give it.

    People and some small firms have a mailbox with one of a few mail providers instead.
    """
    entity, web = world["entity"].to_numpy(), world["web"].to_numpy()
    head, trade = world["head"].gather(web), world["trade"].gather(web).fill_null("")
    long = pl.Series(draws.hits("long domain", web, 600))
    label = slug((head + "-" + trade).zip_with(long, head))
    # Who comes later finds the name taken and adds a number.
    owner = web == entity
    taken = np.zeros(len(web), dtype=np.bool_)
    taken[owner] = ~label.filter(pl.Series(owner)).is_first_distinct().to_numpy()
    number = pl.Series(draws.below("domain number", web, 99_991)).cast(pl.String)
    ending = pl.Series(ENDINGS).gather(draws.below("domain form", web, len(ENDINGS)))
    domain = label + where(taken[web], number, ending) + ".example"
    free = pl.Series(FREE_MAIL).gather(draws.below("free mail", entity, len(FREE_MAIL)))
    private = is_kind(world, "person", "household")
    is_free = pl.Series(private | draws.hits("firm on free mail", web, 70))
    return [
        domain.alias("domain"),
        domain.zip_with(~is_free, free).alias("mail_domain"),
        is_free.alias("free_mail"),
        pl.Series("own_mailbox", np.asarray(world["person"].to_numpy(), dtype=np.bool_)),
    ]
