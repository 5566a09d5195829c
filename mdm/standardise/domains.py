"""Internet domains as evidence: the registrable domain of a website or e-mail, without those that many share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import polars as pl
from tldextract import TLDExtract

from mdm.standardise.wordlists import word_list

_PRIVATE_ENDING: Final = re.compile(r"[a-z0-9-]\.[a-z]{2,}$")


@cache
def _extractor() -> TLDExtract:
    """The public suffix list that ships in the wheel: no network, no cache on disk."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def registrable_domain(host: str) -> str | None:
    """The domain that was registered, of a host in lower case: www.acme.co.uk is acme.co.uk. Null when it is none.

    Under an ending that no registry runs, such as .example, .lan or .intern, it is the last two parts.
    """
    try:
        host = host.encode("ascii").decode("idna") if "xn--" in host else host
        found = _extractor().extract_str(host)
    except (ValueError, UnicodeError):
        return None
    if not found.suffix:
        return ".".join(host.rsplit(".", 2)[-2:]) if _PRIVATE_ENDING.search(host) else None
    return found.top_domain_under_public_suffix or None


def shared_domains(free_mail: Iterable[str] = ()) -> frozenset[str]:
    """Free-mail, social, hosting, parked and placeholder domains, and the added ones: no evidence."""
    lists = word_list("domains")
    added = (d.strip().lower().lstrip("@") for d in free_mail)
    return frozenset((*lists["free_mail"], *lists["shared"], *lists["placeholder"], *added))


def host_of(address: pl.Expr) -> pl.Expr:
    """The host of a website or e-mail address as delivered, in lower case; null when there is none."""
    plain = address.str.strip_chars().str.to_lowercase().str.replace_all(r"\s", "")
    host = plain.str.replace(r"^(?:[a-z]+:)?[/\\]*", "").str.replace(r"^[^/?#]*@", "").str.extract(r"^([^/?#:\\,;|]+)")
    dotted = host.str.strip_chars(".").str.replace(r"^www\d?\.", "")
    return pl.when(dotted.str.contains(".", literal=True)).then(dotted)


def domain_keys(hosts: pl.Series, shared: frozenset[str]) -> pl.Series:
    """The registrable domain of each host (`host_of`), null where it is shared, a placeholder or none."""
    distinct = hosts.drop_nulls().unique()
    labels = frozenset(word_list("domains")["placeholder_labels"])
    kept: list[str | None] = []
    for host in distinct.to_list():
        domain = registrable_domain(host)
        hide = domain is None or domain in shared or host in shared or domain.partition(".")[0] in labels
        kept.append(None if hide else domain)
    table = pl.DataFrame(
        {"host": distinct, "domain": pl.Series(kept, dtype=pl.String)}, schema={"host": pl.String, "domain": pl.String}
    )
    return hosts.rename("host").to_frame().join(table, on="host", how="left", maintain_order="left")["domain"]
