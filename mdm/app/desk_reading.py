"""Several pairs read at once, with their customers and what each two would be as one.

To standardise records and to choose golden values costs nearly the same for two records as for fifty, so a dozen pairs
that are read together cost little more than one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from mdm.app.desk_pair import PairRead
from mdm.app.desk_records import Delivered
from mdm.app.explain_read import default_countries, frame_of
from mdm.app.project import Project
from mdm.match import compared_values
from mdm.records import GOLDEN_ATTRIBUTES, MAPPED, RecordKey, SystemName
from mdm.standardise import standardise
from mdm.steward import Evidence, evidence_of
from mdm.steward import Pair as Keys
from mdm.store import Customer, Store, mapped_rows
from mdm.survive import choose_golden

MOST_TOGETHER: Final = 200
"""Records of both customers; of more, no golden record is computed while somebody waits for it."""

ROLES: Final = [name for name in MAPPED if name not in ("system", "key", "row_hash")]
RECORD: Final = ["system", "key"]
OWNERS: Final = ["master_id_l", "master_id_r"]


def read_pairs(store: Store, project: Project, asked: Sequence[Keys]) -> dict[Keys, PairRead]:
    """What the store has of these pairs, each with its smaller key first; one with a record that is gone is left out.

    The golden record of two customers as one is by the rules of now and without values set by hand; it is None where
    they have too many records to wait for it.
    """
    keys = frame_of(sorted({key for pair in asked for key in pair}))
    owners = {RecordKey(SystemName(s), k): m for s, k, m in store.read_crosswalk_of(keys).iter_rows()}
    customers = store.get_customers(set(owners.values()))
    among = store.read_links_among(set(customers))
    members = [(m.system, m.key) for customer in customers.values() for m in customer.members]
    wanted = pl.concat([keys, pl.DataFrame(members, schema=keys.schema, orient="row")]).unique()
    mapped = mapped_rows(store.read_records(wanted))
    values = {RecordKey(r["system"], r["key"]): r for r in mapped.iter_rows(named=True)}
    pairs = [pair for pair in asked if all(key in values for key in pair)]
    if not pairs:
        return {}
    mine = {pair: _customers(pair, owners, customers) for pair in pairs}
    standard = standardise(mapped, project.rulebook.standardise, default_countries(store, project))
    together, evidence = _together(mapped, standard, project, mine), _evidence(standard, pairs)
    return {
        pair: PairRead(
            (_delivered(pair[0], values, owners), _delivered(pair[1], values, owners)),
            mine[pair],
            _links(among, mine[pair]),
            together.get(pair),
            evidence[pair],
        )
        for pair in pairs
    }


def _customers(pair: Keys, owners: Mapping[RecordKey, str], customers: Mapping[str, Customer]) -> list[Customer]:
    distinct = dict.fromkeys(owners[key] for key in pair if key in owners)
    return [customers[master_id] for master_id in distinct if master_id in customers]


def _delivered(
    key: RecordKey, values: Mapping[RecordKey, dict[str, object]], owners: Mapping[RecordKey, str]
) -> Delivered:
    return Delivered(key.system, key.key, {role: values[key][role] for role in ROLES}, owners.get(key))


def _links(among: pl.DataFrame, customers: Sequence[Customer]) -> pl.DataFrame:
    """STORED_LINKS among the records of these customers, also from one to the other."""
    ids = [customer.master_id for customer in customers]
    return among.filter(*[pl.col(name).is_in(ids) for name in OWNERS]).drop(OWNERS)


def _evidence(standard: pl.DataFrame, pairs: Sequence[Keys]) -> dict[Keys, Evidence]:
    """What a decision on each pair is made on."""
    keys = frame_of(sorted({key for pair in pairs for key in pair}))
    decided = standard.join(keys, on=RECORD, how="semi", maintain_order="left")
    rows = zip(decided.select(*RECORD, "row_hash").iter_rows(), compared_values(decided), strict=True)
    known = {(system, key): (values, row_hash) for (system, key, row_hash), values in rows}
    sides = {pair: [known[key.system, key.key] for key in pair] for pair in pairs}
    return {pair: evidence_of((one[0], other[0]), (one[1], other[1])) for pair, (one, other) in sides.items()}


def _together(
    mapped: pl.DataFrame, standard: pl.DataFrame, project: Project, mine: Mapping[Keys, list[Customer]]
) -> dict[Keys, Delivered]:
    """The golden record that each two customers would have as one.

    A customer may be asked about in several pairs, so each pair has copies of the records under keys of its own.
    """
    asked = {
        f"{number:06}": pair
        for number, (pair, customers) in enumerate(mine.items())
        if len(customers) == 2 and sum(len(c.members) for c in customers) <= MOST_TOGETHER
    }
    rows = [(name, m.system, m.key) for name, pair in asked.items() for c in mine[pair] for m in c.members]
    if not rows:
        return {}
    copies = pl.DataFrame(rows, schema=dict.fromkeys(("pair", *RECORD), pl.String()), orient="row")
    own = copies.with_columns(own=pl.format("{} {}", "pair", "key"))
    crosswalk = own.select("system", key="own", master_id="pair")
    given, known = (_copied(own, frame) for frame in (mapped, standard))
    golden = choose_golden(crosswalk, given, known, project.rulebook.survivorship).golden
    return {
        asked[row["master_id"]]: Delivered(
            "as one", "customer", {name: row[name] for name in GOLDEN_ATTRIBUTES if row[name]}
        )
        for row in golden.iter_rows(named=True)
    }


def _copied(own: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a frame under the keys of their copies, numbered anew where they have a number."""
    found = own.join(frame, on=RECORD, maintain_order="left").with_columns(key="own").select(frame.columns)
    if "rid" not in frame.columns:
        return found
    return found.sort(RECORD).with_columns(rid=pl.int_range(pl.len(), dtype=pl.Int32))
