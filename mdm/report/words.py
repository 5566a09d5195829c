"""Puts numbers and findings into plain words, the same on the page and in the terminal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mdm.report.facts import Figures, Missed


def number(count: int) -> str:
    """A whole number with commas: 11,418."""
    return f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 record, 11,418 records."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(part: int, whole: int) -> str:
    """A share that never claims more than it knows: `0 %` and `100 %` only where nothing or everything is meant."""
    if whole == 0:
        return "n/a"
    if part in {0, whole}:
        return f"{100 * part // whole} %"
    share = 100 * part / whole
    if share < 0.1:
        return "< 0.1 %"
    if share > 99.9:
        return "> 99.9 %"
    return f"{share:.1f} %" if share < 10 or share > 99 else f"{share:.0f} %"


def probability(value: float) -> str:
    """A probability with the digits that tell it from certainty: `72.9 %`, `99.4 %`, `99.98 %`, `> 99.99 %`."""
    if value > 0.9999:
        return "> 99.99 %"
    if value < 0.001:
        return "< 0.1 %"
    return f"{100 * value:.2f} %" if value >= 0.9995 else f"{100 * value:.1f} %"


def moment(iso: str) -> str:
    """A day or a time in UTC as a person writes it; as it is when it cannot be read."""
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return when.strftime("%-d %b %Y" if len(iso) == len("2026-05-31") else "%-d %b %Y, %H:%M UTC")


def seconds(value: float) -> str:
    """A time as people say it: 0.4 s, 12 s, 3 min 05 s."""
    if value < 9.95:
        return f"{value:.1f} s"
    whole = round(value)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"


def _share(value: float) -> str:
    """A share in percent, below one percent with a second digit."""
    return f"{100 * value:.{1 if value >= 0.01 else 2}f}"


def tell_missed(missed: Missed) -> str:
    """How many true pairs were never compared, in one sentence with its doubt."""
    if missed.found == 0:
        return "No pair was found to be one customer, so nothing says how many were never compared."
    share, low, high = map(_share, (missed.missed, missed.missed_low, missed.missed_high))
    told = f"About {share} % of the true pairs were never compared, likely between {low} % and {high} %."
    if missed.joinable >= 0.5:
        doubt = f" ± {missed.joinable_error:,.0f}" if missed.joinable_error >= 0.5 else ""
        told += f" Of all pairs never compared, about {missed.joinable:,.0f}{doubt} would have been joined."
    return told


def sentences(figures: Figures) -> list[str]:
    """What the run found, in two to four sentences that a manager can repeat."""
    if figures.records == 0:
        return ["There were no records to match."]
    systems = figures.systems.height
    describe = "describes" if figures.records == 1 else "describe"
    source = f"{counted(figures.records, 'record')} from {counted(systems, 'system')}"
    told = [f"{source} {describe} {counted(figures.customers, 'customer')}."]
    if figures.repeats_within:
        repeat = "repeats" if figures.repeats_within == 1 else "repeat"
        told.append(
            f"{counted(figures.repeats_within, 'record')} {repeat} a customer that the same system already has."
        )
    if systems > 1:
        is_known = "is" if figures.shared_customers == 1 else "are"
        told.append(f"{counted(figures.shared_customers, 'customer')} {is_known} known to two or more systems.")
    if figures.review_pairs:
        remain = "is" if figures.review_pairs == 1 else "are"
        told.append(f"{counted(figures.review_pairs, 'pair')} {remain} left for a person to decide.")
    if figures.records == figures.customers:
        told.insert(1, "No record repeats another.")
    return told
