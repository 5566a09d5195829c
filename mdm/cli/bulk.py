"""`mdm bulk`: many alike pairs get the same answer once a sample of them was decided, as on the page Bulk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

import typer

from mdm.app import Said, SampleWalk, open_project, operator
from mdm.app.cohorts import ALLOWED, ANSWERS, STATES, CohortState, CohortView, Wish, per_cent
from mdm.app.desk import Desk, Doubt, Sought, shown
from mdm.cli import show
from mdm.cli.asking import ANSWERS as KEYED
from mdm.cli.asking import KEYS, read_key, show_pair
from mdm.cli.deeds import HERE, Where, Who, Why
from mdm.cli.options import now, settings
from mdm.errors import DecisionRefused, SettingsInvalid

MICRO: Final = 1_000_000
Cohort = Annotated[int, typer.Argument(metavar="COHORT", help="Its number, from mdm bulk list.")]
Kind = Literal["match", "do_not_match"]

bulk_app: Final = typer.Typer(
    help="Give many alike pairs the same answer, once a sample of them was decided.", no_args_is_help=True
)


@bulk_app.command("draw")
def draw_command(  # noqa: PLR0913 - the options of a command
    answer: Annotated[str, typer.Argument(metavar="ANSWER", help="match or do-not-match, for all of them.")],
    *,
    wrong: Annotated[float, typer.Option("--wrong", help="So many in a hundred may be wrong.")] = 2.0,
    systems: Annotated[str, typer.Option("--systems", help="Two source systems, as in crm+erp.")] = "",
    why: Annotated[str, typer.Option("--why", help=f"Why they are asked: {', '.join(get_args(Doubt))}.")] = "",
    country: Annotated[str, typer.Option("--country", help="Such as DE.")] = "",
    low: Annotated[float | None, typer.Option("--weight-from", help="At least so many bits.")] = None,
    high: Annotated[float | None, typer.Option("--weight-to", help="At most so many bits.")] = None,
    find: Annotated[str, typer.Option("--find", help="Words of a customer's name.")] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Say how many fit, and draw nothing.")] = False,
    project: Where = HERE,
    who: Who = "",
) -> None:
    """Fix the alike pairs that wait as a cohort, and draw the sample of them that is decided one by one."""
    kind = next((k for k in get_args(Kind) if k == answer.replace("-", "_")), None)
    if kind is None:
        raise SettingsInvalid(f"No such answer: {answer}.", "Say match or do-not-match.")
    wish = Wish(kind, _sought(systems, why, country, (low, high), find), _allowed(wrong))
    with _desk(project, who) as desk:
        found = desk.bulk.fitting(wish)
        fit = f"{found.among:,} {'pair fits' if found.among == 1 else 'pairs fit'}"
        if found.is_worth_it:
            share = per_cent(Fraction(wish.allowed, 10_000))
            none = f"if none is wrong, at most {share} of all are (95 % sure)"
            show.notes([f"{fit}. Decide {found.sample:,}; {none}."])
        if dry:
            show.done(f"{fit}. Nothing was drawn.")
            return
        number = desk.bulk.draw(wish, _said(desk, ""))
        cohort = desk.bulk.view(number)
    show.done(f"Cohort {number}: {cohort.row.drawn:,} of {cohort.row.size:,} pairs. Next: mdm bulk decide {number}")


@bulk_app.command("list")
def list_command(project: Where = HERE) -> None:
    """List all cohorts, latest first."""
    with _desk(project, "") as desk:
        cohorts = desk.bulk.all()
    rows = [
        (str(c.id), c.about, _kind(c.kind), f"{c.drawn:,} of {c.size:,}", STATES[c.state], c.stated) for c in cohorts
    ]
    show.table(("cohort", "which pairs", "answer", "sample", "state", "stated"), rows)
    show.done(f"{len(cohorts)} {'cohort' if len(cohorts) == 1 else 'cohorts'}.")


@bulk_app.command("show")
def show_command(cohort: Cohort, project: Where = HERE) -> None:
    """What the sample says so far, and what became of the other pairs."""
    with _desk(project, "") as desk:
        _tell(desk.bulk.view(cohort))


@bulk_app.command("decide")
def decide_command(cohort: Cohort, project: Where = HERE, who: Who = "") -> None:
    """Decide the sample key by key; each answer is a decision, in effect with the next scan."""
    with _desk(project, who) as desk:
        walk = SampleWalk(desk, cohort, now)
        _ask(walk)
        _tell(walk.cohort)


@bulk_app.command("accept")
def accept_command(cohort: Cohort, project: Where = HERE, who: Who = "", reason: Why = "") -> None:
    """Give the other pairs the same answer, or go on with that; each has a decision of its own."""
    with _desk(project, who) as desk:
        _tell(desk.bulk.accept(cohort, _said(desk, reason)))


@bulk_app.command("undo")
def undo_command(cohort: Cohort, project: Where = HERE, who: Who = "", reason: Why = "") -> None:
    """Take back what accepting decided; the sample stays decided."""
    with _desk(project, who) as desk:
        _tell(desk.bulk.take_back(cohort, _said(desk, reason)))


@bulk_app.command("close")
def close_command(cohort: Cohort, project: Where = HERE, who: Who = "", reason: Why = "") -> None:
    """Give a cohort up; its pairs go on waiting."""
    with _desk(project, who) as desk:
        desk.bulk.close(cohort, _said(desk, reason))
        _tell(desk.bulk.view(cohort))


def _ask(walk: SampleWalk) -> None:
    while asked := walk.current:
        cohort = walk.cohort
        show_pair(
            (shown(str(asked.left)), shown(str(asked.right))),
            asked.records,
            f"{cohort.row.drawn - cohort.left + 1} of {cohort.row.drawn}",
        )
        while (key := read_key()) not in {"q", "s", "b", *KEYED}:
            show.lines([f"  {KEYS}"])
        if key == "q":
            return
        try:
            if key == "s":
                walk.skip(asked)
            elif key == "b":
                show.lines(["  back to the pair before" if walk.back() else "  This is the first answer."])
            else:
                walk.answer(asked, KEYED[key])
                show.lines([f"  {KEYED[key].replace('_', ' ')}, recorded. {walk.cohort.told}"])
        except DecisionRefused as refused:
            show.warn(refused.what, f"{refused.next_step} The pair is skipped.")
            walk.skip(asked)


def _tell(cohort: CohortView) -> None:
    row, number = cohort.row, cohort.row.id
    show.notes([f"{row.about}. Answer to all: {_kind(row.kind)}.", cohort.told, f"{cohort.allowed} may be wrong."])
    became = [(outcome.replace("_", " "), f"{count:,}") for outcome, count in cohort.counts.items() if outcome]
    if became:
        show.table(("the other pairs", "pairs"), became)
    if cohort.may_be_accepted:
        show.done(f"The other {cohort.rest:,} may be accepted: mdm bulk accept {number}")
    elif row.state is CohortState.OPEN and not cohort.holds:
        show.done(f"Too many are wrong: this cohort cannot be accepted. Next: mdm bulk close {number}")
    elif row.state is CohortState.OPEN:
        show.done(f"{cohort.left:,} of the sample wait. Next: mdm bulk decide {number}")
    else:
        back = f" To take it back: mdm bulk undo {number}" if row.state is CohortState.ACCEPTED else ""
        show.done(f"Cohort {number} is {STATES[row.state]}.{back}")


def _sought(systems: str, why: str, country: str, weights: tuple[float | None, float | None], find: str) -> Sought:
    one, plus, other = systems.partition("+")
    if systems and not (one and plus and other):
        raise SettingsInvalid(f"Not two source systems: {systems}.", "Write them as crm+erp; crm+crm for inside one.")
    doubt = next((d for d in get_args(Doubt) if d == why), None)
    if why and doubt is None:
        raise SettingsInvalid(f"No such reason: {why}.", f"Say {', '.join(get_args(Doubt))}.")
    low, high = weights
    bits = (-1_000.0 if low is None else low, 1_000.0 if high is None else high)
    return Sought(
        search=find.strip(),
        systems=(min(one, other), max(one, other)) if systems else None,
        country=country.upper() or None,
        doubt=doubt,
        weights=None if low is None and high is None else (round(bits[0] * MICRO), round(bits[1] * MICRO)),
    )


def _allowed(wrong: float) -> int:
    allowed = round(wrong * 100)
    if allowed not in ALLOWED:
        shares = ", ".join(f"{share / 100:g}" for share in ALLOWED)
        raise SettingsInvalid(f"{wrong:g} in a hundred is no share to choose.", f"Choose one of {shares}.")
    return allowed


def _kind(kind: str) -> str:
    return next(told for answer, told in ANSWERS.items() if answer == kind)


@contextmanager
def _desk(folder: Path, who: str) -> Iterator[Desk]:
    """The use cases of the desk, called by whoever is at this terminal."""
    project = open_project(folder, settings())
    with project.open_scanned_store() as store:
        yield Desk(project, store, operator(os.environ, who))


def _said(desk: Desk, reason: str) -> Said:
    return Said(desk.actor.name, now(), reason)
