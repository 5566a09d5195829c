"""Internet domains as evidence: the registrable domain of a website or e-mail, without those that many share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import polars as pl
from tldextract import TLDExtract

from mdm.standardise.wordlists import word_list


@cache
def _extractor() -> TLDExtract:
    """The public suffix list that ships in the wheel: no network, no cache on disk."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def registrable_domain(host: str) -> str | None:
    """The domain that was registered, of a host in lower case: www.acme.co.uk is acme.co.uk. Null when it is none."""
    try:
        host = host.encode("ascii").decode("idna") if "xn--" in host else host
        return _extractor().extract_str(host).top_domain_under_public_suffix or None
    except (ValueError, UnicodeError):
        return None


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
    distinct = hosts.drop_nulls().unique().sort()
    domains = [registrable_domain(host) for host in distinct.to_list()]
    kept = [
        None if d is None or d in shared or h in shared else d for h, d in zip(distinct.to_list(), domains, strict=True)
    ]
    table = pl.DataFrame(
        {"host": distinct, "domain": pl.Series(kept, dtype=pl.String)}, schema={"host": pl.String, "domain": pl.String}
    )
    return hosts.rename("host").to_frame().join(table, on="host", how="left", maintain_order="left")["domain"]
