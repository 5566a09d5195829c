"""The headline facts of a run as lines for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from mdm.report.visible import fit, visible, width
from mdm.report.words import number, percent, seconds, sentences, tell_missed

if TYPE_CHECKING:
    from mdm.report.facts import ReportFacts

COLUMNS: Final = 80
MOST_SYSTEMS: Final = 12


def plain_summary(facts: ReportFacts) -> list[str]:
    """The headline facts as lines of at most 80 columns, without colours and control characters."""
    return [
        fit(facts.title, COLUMNS).rstrip(),
        *textwrap.wrap(" ".join(sentences(facts.figures)), COLUMNS),
        "",
        *_counts(facts),
        *_systems(facts),
        *(["", *_wrapped(tell_missed(facts.missed))] if facts.missed else []),
        *_cautions(facts),
    ]


def _counts(facts: ReportFacts) -> list[str]:
    figures = facts.figures
    files = [file for file in facts.inputs if file.holds == "records"]
    read, repeats = sum(file.read for file in files), sum(file.repeats for file in files)
    aside = sum(file.set_aside for file in files)
    took = sum(stage.seconds for stage in facts.stages)
    rows = [
        ("Rows read", number(read) if repeats or aside else ""),
        ("Identical repeats", number(repeats) if repeats else ""),
        ("Set aside on reading", number(aside) if aside else ""),
        ("Records", number(figures.records)),
        ("Customers", number(figures.customers)),
        ("Duplicates within a system", number(figures.repeats_within)),
        ("Customers in two or more systems", number(figures.shared_customers)),
        ("Pairs left for review", number(figures.review_pairs)),
        ("Time taken", seconds(took) if took else ""),
    ]
    return [f"  {label:<34}{value:>14}" for label, value in rows if value]


def _systems(facts: ReportFacts) -> list[str]:
    systems = facts.figures.systems
    if systems.height == 0:
        return []
    lines = ["", f"  {'System':<22}{'Records':>11}{'Customers':>12}{'Duplicates':>12}{'Also elsewhere':>19}"]
    for row in systems.head(MOST_SYSTEMS).iter_rows(named=True):
        shared = f"{number(row['shared'])} {percent(row['shared'], row['customers']):>8}"
        counts = f"{number(row['records']):>11}{number(row['customers']):>12}{number(row['repeats']):>12}"
        lines.append(f"  {fit(row['system'], 21)} {counts}{shared:>19}")
    if systems.height > MOST_SYSTEMS:
        lines.append(f"  and {systems.height - MOST_SYSTEMS} more")
    return lines


def _cautions(facts: ReportFacts) -> list[str]:
    found = [guard for guard in facts.guards if guard.outcome in {"warned", "stopped"}]
    if not found:
        return []
    lines = [f"{guard.outcome}: {visible(guard.name)}: {visible(guard.found)}" for guard in found]
    return ["", *(part for line in lines for part in _wrapped(line))]


def _wrapped(line: str) -> list[str]:
    columns = COLUMNS if width(line) <= len(line) else COLUMNS // 2  # where some characters are two columns wide
    return textwrap.wrap(line, columns, subsequent_indent="  ")
