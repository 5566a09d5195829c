"""The desk's queue: the questions of the last scan, filtered, ordered and paged by the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

from mdm.store import bulk, tables
from mdm.store.cohort_states import HOLDING
from mdm.store.desk import Page, matches_search, one_page
from mdm.store.frames import STORED_QUESTIONS
from mdm.store.known import standing
from mdm.store.reading import read_standing

if TYPE_CHECKING:
    import polars as pl

    from mdm.store.snapshot import Snapshot

QuestionOrder = Literal["weight", "records", "value", "age"]
"""Strongest first; most records first; most value first; first asked first. Ties by the two record keys."""

Doubt = Literal["doubtful", "contradicted", "cut"]
"""Why a pair is asked: its evidence is doubtful; it is strong, but numbers or names contradict; it is strong, but the
other records of the two speak against it."""

Standing = Literal["waiting", "unsure"]

Whose = Literal["mine", "free", "assigned", "open"]
"""Questions that somebody has or is named for; those that nobody else has and nobody is named for; those that the
person `who` is named for; those that nobody else has."""

LEADING: Final[dict[QuestionOrder, str]] = {
    "weight": "weight",
    "records": "records",
    "value": "value",
    "age": "asked_at",
}
KEY: Final = tables.QUESTIONS.key


Place = tuple[int | str, str, str, str, str]
"""Where a question stands in an order: its leading value and its two record keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which questions: those that fit every part that is given, and the order in which they come.

    `search` and `ids` are as in the list of customers and fit either of the two; `systems` are those of the two
    records, whichever is left; `country` is that of either customer; `asked_before` is ISO text. `state` says whether
    they wait or a steward was unsure of them; the pairs of the decisions `again` wait although they are decided.
    `weights` are the least and the most, in the whole numbers of links; `least_value` is what both customers are worth
    at least; `cohort` asks for the sample of one, `free` for pairs that are in none which is open.
    `whose` is seen by `who`: a person, and the moment that is now (ISO text).
    """

    search: str = ""
    ids: tuple[str, ...] = ()
    systems: tuple[str, str] | None = None
    country: str | None = None
    doubt: Doubt | None = None
    asked_before: str | None = None
    state: Standing = "waiting"
    weights: tuple[int, int] | None = None
    least_value: int | None = None
    cohort: int | None = None
    free: bool = False
    whose: Whose | None = None
    who: tuple[str, str] = ("", "")
    again: tuple[int, ...] = ()
    order: QuestionOrder = "weight"


EVERYTHING: Final = Sought()
"""All that waits, strongest first."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a place: how many questions there are, how many before it and at it, the last before and the
    first behind it.

    The two are STORED_QUESTIONS with one row, or none; `here` is 0 where the place itself is no question (any more).
    """

    total: int
    before: int
    here: int
    previous: pl.DataFrame
    following: pl.DataFrame


def page_questions(connection: sa.Connection, seen: Snapshot, sought: Sought, after: Place | None, limit: int) -> Page:
    """STORED_QUESTIONS that fit, at most `limit` of them, behind a place."""
    behind = [] if after is None else [_behind(sought.order, after)]
    found = bulk.read(connection, _chosen(seen, sought, *behind).limit(limit + 1), STORED_QUESTIONS)
    return one_page(found, limit, [LEADING[sought.order], *KEY], STORED_QUESTIONS)


def count_questions(connection: sa.Connection, seen: Snapshot, sought: Sought) -> int:
    query = sa.select(sa.func.count()).select_from(tables.question).where(*_fits(seen, sought))
    return int(connection.execute(query).scalar_one())


def value_of_questions(connection: sa.Connection, seen: Snapshot, sought: Sought) -> int:
    """What the customers of all questions that fit are worth; a customer asked about twice counts twice."""
    total = sa.func.coalesce(sa.func.sum(tables.question.c.value), 0)
    return int(connection.execute(sa.select(total).where(*_fits(seen, sought))).scalar_one())


def look_around(connection: sa.Connection, seen: Snapshot, sought: Sought, place: Place) -> Around:
    """The neighbours of a place, whether or not a question (still) stands there."""
    before = _before(sought.order, place)
    backwards = _chosen(seen, sought, before).order_by(None).order_by(*_ordered(sought.order, backwards=True))
    following = bulk.read(connection, _chosen(seen, sought, _behind(sought.order, place)).limit(1), STORED_QUESTIONS)
    previous = bulk.read(connection, backwards.limit(1), STORED_QUESTIONS)
    counts = [sa.func.coalesce(sa.func.sum(sa.case((which, 1), else_=0)), 0) for which in (before, _is(place[1:]))]
    query = sa.select(sa.func.count(), *counts).select_from(tables.question).where(*_fits(seen, sought))
    total, first, here = connection.execute(query).one()
    return Around(total, first, here, previous, following)


def read_question(connection: sa.Connection, seen: Snapshot, pair: tuple[str, str, str, str]) -> pl.DataFrame:
    """STORED_QUESTIONS of one pair of record keys, answered or not; none where the last scan did not ask it."""
    return read_standing(connection, seen, tables.QUESTIONS, STORED_QUESTIONS, _is(pair))


def read_questions(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    """STORED_QUESTIONS by the two record keys, answered ones too."""
    return read_standing(connection, seen, tables.QUESTIONS, STORED_QUESTIONS)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the queue can be narrowed to: pairs of source systems, the smaller name first, countries, the people to whom
    questions are assigned, and the highest value at stake (0 where no record says one).
    """

    systems: tuple[tuple[str, str], ...]
    countries: tuple[str, ...]
    assignees: tuple[str, ...] = ()
    most_value: int = 0


def read_choices(connection: sa.Connection, seen: Snapshot) -> Choices:
    table = tables.question
    among = sa.select(table.c.system_l, table.c.system_r).where(seen.stands(table)).distinct()
    systems = {(min(row), max(row)) for row in connection.execute(among)}
    ends = [sa.select(column).where(seen.stands(table)) for column in (table.c.country_l, table.c.country_r)]
    countries = connection.execute(sa.union(*ends)).scalars()
    named = connection.execute(sa.select(tables.claim.c.assignee).distinct()).scalars()
    value = connection.execute(sa.select(sa.func.max(table.c.value)).where(seen.stands(table))).scalar_one()
    return Choices(
        tuple(sorted(systems)),
        tuple(sorted(c for c in countries if c)),
        tuple(sorted(name for name in named if name)),
        int(value or 0),
    )


def _chosen(seen: Snapshot, sought: Sought, *also: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns = [tables.question.c[name] for name in STORED_QUESTIONS]
    return sa.select(*columns).where(*_fits(seen, sought), *also).order_by(*_ordered(sought.order))


def _ordered(order: QuestionOrder, *, backwards: bool = False) -> list[sa.ColumnElement[Any]]:
    leading, keys = _columns(order)
    descends = (order != "age") != backwards
    last = [key.desc() if backwards else key for key in keys]
    return [leading.desc() if descends else leading, *last]


def _columns(order: QuestionOrder) -> tuple[sa.Column[Any], list[sa.Column[Any]]]:
    return tables.question.c[LEADING[order]], [tables.question.c[name] for name in KEY]


def _is(pair: tuple[str, str, str, str]) -> sa.ColumnElement[bool]:
    return sa.and_(*[tables.question.c[name] == value for name, value in zip(KEY, pair, strict=True)])


def _behind(order: QuestionOrder, place: Place) -> sa.ColumnElement[bool]:
    """Behind a place, written so that an index on the order leads straight there."""
    leading, keys = _columns(order)
    later = sa.tuple_(*keys) > sa.tuple_(*place[1:])
    if order == "age":
        return sa.and_(leading >= place[0], sa.or_(leading > place[0], later))
    return sa.and_(leading <= place[0], sa.or_(leading < place[0], later))


def _before(order: QuestionOrder, place: Place) -> sa.ColumnElement[bool]:
    leading, keys = _columns(order)
    earlier = sa.tuple_(*keys) < sa.tuple_(*place[1:])
    if order == "age":
        return sa.and_(leading <= place[0], sa.or_(leading < place[0], earlier))
    return sa.and_(leading >= place[0], sa.or_(leading > place[0], earlier))


def _fits(seen: Snapshot, sought: Sought) -> list[sa.ColumnElement[bool]]:
    table = tables.question
    fits = [seen.stands(table), *_in_state(seen, sought)]
    if sought.systems is not None:
        one, other = sought.systems
        # Two comparisons and no OR over pairs of columns: SQLite would leave the order of the index for it.
        # And of an expression, not of the columns: it would leave it for the primary key.
        fits += [table.c[f"system_{side}"].concat("").in_([one, other]) for side in "lr"]
        fits.append((table.c.system_l == table.c.system_r) if one == other else (table.c.system_l != table.c.system_r))
    if sought.country is not None:
        fits.append(sa.or_(table.c.country_l == sought.country, table.c.country_r == sought.country))
    if sought.doubt is not None:
        fits.append(_doubt(sought.doubt))
    if sought.asked_before is not None:
        fits.append(table.c.asked_at < sought.asked_before)
    if sought.weights is not None:
        fits.append(table.c.weight.between(*sought.weights))
    if sought.least_value is not None:
        fits.append(table.c.value >= sought.least_value)
    return [*fits, *_in_cohorts(sought), *_claimed(sought), *_about(seen, sought)]


def _in_cohorts(sought: Sought) -> list[sa.ColumnElement[bool]]:
    pair, cohort = tables.cohort_pair, tables.cohort
    pairs = sa.select(*[pair.c[name] for name in KEY])
    mine = sa.tuple_(*[tables.question.c[name] for name in KEY])
    fits: list[sa.ColumnElement[bool]] = []
    if sought.cohort is not None:
        fits.append(mine.in_(pairs.where(pair.c.cohort == sought.cohort, pair.c.drawn.is_not(None))))
    if sought.free:
        fits.append(mine.not_in(pairs.join(cohort).where(cohort.c.state.in_(HOLDING))))
    return fits


def _claimed(sought: Sought) -> list[sa.ColumnElement[bool]]:
    if sought.whose is None:
        return []
    claim, (who, now) = tables.claim, sought.who
    mine = sa.tuple_(*[tables.question.c[name] for name in KEY])
    pairs = sa.select(*[claim.c[name] for name in KEY])
    held = claim.c.until > now
    if sought.whose == "assigned":
        return [mine.in_(pairs.where(claim.c.assignee == who))]
    if sought.whose == "mine":
        return [mine.in_(pairs.where(sa.or_(claim.c.assignee == who, sa.and_(held, claim.c.holder == who))))]
    others = sa.and_(held, claim.c.holder != who)
    return [mine.not_in(pairs.where(others if sought.whose == "open" else sa.or_(claim.c.assignee != "", others)))]


def _doubt(doubt: Doubt) -> sa.ColumnElement[bool]:
    table = tables.question
    if doubt == "contradicted":
        return table.c.veto
    return sa.and_(sa.not_(table.c.veto), table.c.band == ("review" if doubt == "doubtful" else "auto"))


def _about(seen: Snapshot, sought: Sought) -> list[sa.ColumnElement[bool]]:
    """About a customer that fits the search."""
    fits = matches_search(sought.search, sought.ids)
    if not fits:
        return []
    golden, table = tables.golden, tables.question
    hits = sa.select(golden.c.master_id).where(seen.stands(golden), *fits).cte("hits").select()
    # Either end, said without OR: SQLite would leave the order of the index and sort all that it finds.
    return [sa.not_(sa.and_(table.c.master_id_l.not_in(hits), table.c.master_id_r.not_in(hits)))]


def _in_state(seen: Snapshot, sought: Sought) -> list[sa.ColumnElement[bool]]:
    """A question is answered by any decision that stands between its two customers, on whichever of their records."""
    two = sa.tuple_(tables.question.c.master_id_l, tables.question.c.master_id_r)
    if sought.state == "waiting":
        open_ = two.not_in(_decided(seen, "all", ("match", "do_not_match", "unsure")))
        return [sa.or_(open_, _asked_again(sought.again)) if sought.again else open_]
    answered = _decided(seen, "sure", ("match", "do_not_match"))
    return [two.in_(_decided(seen, "unsure", ("unsure",))), two.not_in(answered)]


def _asked_again(numbers: tuple[int, ...]) -> sa.ColumnElement[bool]:
    decision = tables.decision
    # Written out, not bound: there may be more of them than a statement may have values.
    these: sa.BindParameter[Any] = sa.bindparam("again", numbers, expanding=True, literal_execute=True)
    pairs = sa.select(*[decision.c[name] for name in KEY]).where(decision.c.id.in_(these))
    return sa.tuple_(*[tables.question.c[name] for name in KEY]).in_(pairs)


def _decided(seen: Snapshot, name: str, kinds: tuple[str, ...]) -> sa.Select[Any]:
    """The master ids, either first, of every two customers about whom such a decision stands."""
    decision, one, other = tables.decision, tables.crosswalk.alias("one"), tables.crosswalk.alias("other")
    two = (
        sa.select(one.c.master_id.label("mine"), other.c.master_id.label("yours"))
        .select_from(
            decision.join(one, sa.and_(one.c.system == decision.c.system_l, one.c.key == decision.c.key_l)).join(
                other, sa.and_(other.c.system == decision.c.system_r, other.c.key == decision.c.key_r)
            )
        )
        .where(*standing(seen, decision), decision.c.kind.in_(kinds))
        .where(seen.stands(one), seen.stands(other))
        .cte(f"decided_{name}")
    )
    turned = sa.select(two.c.yours, two.c.mine)
    return sa.select(sa.union_all(sa.select(two), turned).subquery(f"pairs_{name}"))
