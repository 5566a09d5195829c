"""The rules of a project as tables of plain words, one for each file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from mdm.app.desk_links import MICRO
from mdm.app.project import Project
from mdm.match import thresholds
from mdm.report.visible import visible
from mdm.report.words import probability
from mdm.rulebook import FourEyesRule, SourceRules, TargetRules

LARGEST: Final = 100
"""Bits that no pair has."""

SOURCES: Final = "sources/*.yaml"
MINUS: Final = "\N{MINUS SIGN}"
NEVER: Final = "no link, however sure"
NONE: Final = "none"
RULES: Final = {
    "well_written": "well written",
    "most_frequent": "most frequent",
    "most_recent": "most recent",
    "longest": "longest",
    "source_order": "order of the systems",
}


@dataclass(frozen=True, slots=True)
class RuleTable:
    """Rules of one kind, from a file of the rules folder (`own`) or the shipped one. All texts are plain text."""

    title: str
    file: str
    own: bool
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tell_rules(project: Project) -> Iterator[RuleTable]:
    """What is in force, in the order in which data flows."""
    rules = project.folder / project.places.rules

    def table(title: str, file: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], note: str) -> RuleTable:
        own = file == SOURCES or (rules / file).exists()
        return RuleTable(title, file, own, note, heads, tuple(tuple(visible(x) for x in row) for row in rows))

    book = project.rulebook
    yield table(
        "Sources",
        SOURCES,
        ("System", "Read from", "Key", "Roles", "Refused when it shrinks by more than", "Beside that"),
        map(_source, book.sources),
        "Where records come from, and how many of their columns mean something to matching.",
    )
    words = (("Placeholders", book.standardise.placeholders), ("Free mail domains", book.standardise.free_mail_domains))
    yield table(
        "Standardise",
        "standardise.yaml",
        ("Words that are no evidence", "Of this project"),
        [(name, ", ".join(given) or NONE) for name, given in words],
        "Beside the lists that come with the tool.",
    )
    yield table("Match", "match.yaml", ("Setting", "In force"), _match(project), "How links are found and accepted.")
    order = ", ".join(book.survivorship.source_order) or "no system before another"
    yield table(
        "Survivorship",
        "survivorship.yaml",
        ("Golden values", "Chosen by, in this order"),
        [
            (", ".join(a.replace("_", " ") for a in rule.attributes), ", then ".join(RULES[r] for r in rule.rules))
            for rule in book.survivorship.attributes
        ],
        f"Order of the systems: {visible(order)}. Values in one line come from one record.",
    )
    yield table(
        "Stewardship",
        "stewardship.yaml",
        ("Two people must agree",),
        [(_four_eyes(rule),) for rule in project.stewardship.four_eyes] or [("never: one person decides",)],
        "No scan looks at these, so a change of them changes no customer.",
    )
    yield table(
        "Publish",
        "publish.yaml",
        ("System", "Master id goes into", "Golden values that may go there", "Sent to"),
        map(_target, book.publish.targets),
        "A system that the file does not name is told the master id only.",
    )


def _source(source: SourceRules) -> tuple[str, ...]:
    origin = source.path if source.connector is None else f"a running system ({source.connector.type})"
    told = [
        text
        for text, holds in (
            ("has no duplicates of its own", source.duplicate_free),
            ("says what is deleted", bool(source.deleted)),
            ("says what it merged", bool(source.merged_into or source.merged_from)),
        )
        if holds
    ]
    name = f"{source.system} ({source.label})" if source.label else str(source.system)
    columns = f"{len(source.columns):,}"
    return (name, origin, source.key, columns, f"{source.shrink_limit:.0%}", ", ".join(told) or "nothing more")


def _match(project: Project) -> Iterator[tuple[str, str]]:
    rules = project.rulebook.match
    auto, review = (weight / MICRO for weight in thresholds(project.model, rules))
    joined = "by a person only" if not rules.auto else _from(auto)
    yield "Joined by itself", joined
    yield "A person is asked", _from(review)
    yield "Precision that is asked for", "none" if rules.precision is None else f"{rules.precision:.1%}"
    yield "Model", f"{rules.model}, {'adapted to the records' if rules.refine else 'as it stands'}"
    yield "Largest block that is compared pair by pair", f"{rules.block_cap:,} records"
    yield "Largest customer without a person", f"{rules.largest_cluster:,} records"
    yield "Id that stays in a merge", "that of most records" if rules.keep_id == "overlap" else "the oldest"


def _from(bits: float) -> str:
    if bits > LARGEST:
        return NEVER
    weight = f"{bits:+.2f}".replace("-", MINUS)
    return f"from {weight} bits on, a probability of {probability(1 / (1 + 2**-bits))}"


def _four_eyes(rule: FourEyesRule) -> str:
    parts = [f"together they have {rule.records:,} records or more"] if rule.records is not None else []
    if rule.systems is not None:
        parts.append(f"one is known to {rule.systems[0]}, the other to {rule.systems[1]}")
    return " and ".join(parts)


def _target(target: TargetRules) -> tuple[str, ...]:
    allowed = ", ".join(f"{name.replace('_', ' ')} into {field}" for name, field in target.allow.items())
    sent = "files of the output folder" if target.connector is None else target.connector.type
    return str(target.system), target.crosswalk_field, allowed or NONE, sent
