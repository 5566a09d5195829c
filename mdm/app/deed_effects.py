"""What a steward's deed changes of golden records and of what goes back, from the stored records of its customers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from mdm.app.overridden import overriding
from mdm.app.staging import CHANGE, RECORD
from mdm.match import compared_values
from mdm.publish import CURRENT, plan_publish
from mdm.records import (
    CROSSWALK,
    GOLDEN,
    GOLDEN_ATTRIBUTES,
    LINEAGE,
    MASTERS,
    PUBLISH_CHANGES,
    RecordKey,
    conform,
    empty,
    parse_master_id,
)
from mdm.rulebook import Rulebook, TargetRules
from mdm.standardise import standardise
from mdm.steward import Planned, evidence_of, ordered
from mdm.store import NO_BASIS, Basis, Effects, Footing, difference, golden_rows, mapped_rows
from mdm.survive import choose_golden, override_values

TEXT = pl.String()


@dataclass(frozen=True, slots=True)
class Members:
    """The records of the customers a deed is about: MAPPED and, row for row, STANDARD."""

    mapped: pl.DataFrame
    standard: pl.DataFrame

    def basis(self) -> Callable[[RecordKey, RecordKey], Basis]:
        """What a decision on two of them rests on: the fingerprint alone.

        A split says of a customer as a whole that it is two; no change of one record asks for each pair of it again.
        """
        said = dict(zip(self.standard.select(RECORD).iter_rows(), compared_values(self.standard), strict=True))

        def on(one: RecordKey, other: RecordKey) -> Basis:
            left, right = (said.get((record.system, record.key)) for record in ordered(one, other))
            if left is None or right is None:
                return NO_BASIS
            return Basis(evidence_of((left, right), ("", "")).fingerprint)

        return on


def read_members(here: Footing, rulebook: Rulebook, countries: Mapping[str, str]) -> Members:
    """The members of the customers as they are stored, standardised by the rules of now."""
    mapped = mapped_rows(here.members.drop("master_id"))
    return Members(mapped, standardise(mapped, rulebook.standardise, countries))


def effects_of(planned: Planned, here: Footing, members: Members, rulebook: Rulebook) -> Effects:
    """The rows that the deed changes: owners, ids, golden records by the rules of now, what systems are to be told.

    What a system says now is what the last scan saw: the standing changes tell it, and where none stands, that it
    says what was planned for it.
    """
    mapped, standard = members.mapped, members.standard
    crosswalk = _crosswalk(planned, here.members)
    chosen = choose_golden(crosswalk, mapped, standard, rulebook.survivorship)
    golden = override_values(chosen, overriding(here.overrides))
    rows = golden_rows(golden.golden, golden.provenance, standard.select("rid", *RECORD))
    changed, gone = difference(rows, here.golden.select("master_id", "row_hash"), key=["master_id"])
    current = current_values(here, mapped, rulebook)
    changes = plan_publish(crosswalk, golden.golden, current, rulebook.publish)
    told, untold = difference(changes, here.changes, key=CHANGE)
    moved, _ = difference(crosswalk, here.members.select(list(CROSSWALK)), key=RECORD)
    return Effects(
        masters=_masters(planned),
        crosswalk=moved,
        golden=changed,
        golden_gone=gone,
        changes=told,
        changes_gone=conform(untold.join(here.changes, on=CHANGE), PUBLISH_CHANGES, "publish changes"),
        lineage=pl.DataFrame(planned.lineage, schema=dict(LINEAGE), orient="row"),
    )


def _crosswalk(planned: Planned, members: pl.DataFrame) -> pl.DataFrame:
    owners = pl.DataFrame(
        [(record.system, record.key, owner) for record, owner in planned.owners.items()],
        schema={"system": TEXT, "key": TEXT, "owner": TEXT},
        orient="row",
    )
    turned = members.join(owners, on=RECORD, how="left", maintain_order="left")
    return conform(turned.with_columns(master_id=pl.coalesce("owner", "master_id")), CROSSWALK, "crosswalk")


def _masters(planned: Planned) -> pl.DataFrame:
    rows = [(master, parse_master_id(master), state, into) for master, (state, into) in planned.states.items()]
    return pl.DataFrame(rows, schema=dict(MASTERS), orient="row")


def current_values(here: Footing, mapped: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    """What systems say in the fields that we may write (CURRENT), as far as the last scan saw it."""
    crosswalk = here.members.select(list(CROSSWALK))
    wanted = plan_publish(crosswalk, _values(here.golden), empty(CURRENT), rulebook.publish)
    waiting = here.changes.select(*CHANGE, waits=pl.lit(value=True), was="old")
    known = wanted.join(waiting, on=CHANGE, how="left").with_columns(
        value=pl.when("waits").then("was").otherwise("new")
    )
    known = known.select(*CHANGE, "value")
    delivered = pl.concat([empty(CURRENT), *_delivered(mapped, rulebook)])
    unknown = delivered.join(known, on=CHANGE, how="anti")
    return conform(pl.concat([known, unknown.select(known.columns)]).drop_nulls("value"), CURRENT, "current values")


def _values(golden: pl.DataFrame) -> pl.DataFrame:
    """STORED_GOLDEN as GOLDEN."""
    body = pl.Struct(dict.fromkeys(GOLDEN_ATTRIBUTES, TEXT))
    columns = golden.select("master_id", "kind", "records", "systems", pl.col("body").str.json_decode(body))
    return conform(columns.unnest("body"), GOLDEN, "golden")


def _delivered(mapped: pl.DataFrame, rulebook: Rulebook) -> Iterable[pl.DataFrame]:
    """Of fields that are the column of an attribute: what the record was delivered with."""
    targets: dict[str, TargetRules] = {str(t.system): t for t in rulebook.publish.targets}
    for source in rulebook.sources:
        target = targets.get(str(source.system))
        for attribute, field in target.allow.items() if target else ():
            rule = source.columns.get(attribute)
            if rule is None or field not in rule.columns or attribute not in mapped.columns:
                continue
            given = mapped.filter(pl.col("system") == source.system)
            value = pl.col(attribute)
            if isinstance(mapped.schema[attribute], pl.List):
                value = value.list.first()
            yield given.select(target="system", key="key", field=pl.lit(field), value=value.cast(TEXT))
