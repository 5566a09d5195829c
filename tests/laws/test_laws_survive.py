"""Laws of golden records, over random customers of up to eight records in three sources."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.records import CROSSWALK, GOLDEN, GOLDEN_ATTRIBUTES, MAPPED, MULTI_ROLES, STANDARD
from mdm.rulebook.stages import SurvivorshipRules
from mdm.survive import choose_golden

FAST = settings(max_examples=40, deadline=None)
ADDRESS = ("street", "house_number", "postcode", "city", "region", "country")
PERSON = ("given_name", "family_name")
ALL_RULES = ["well_written", "most_recent", "most_frequent", "longest", "source_order"]

some = st.none() | st.sampled_from(["ACME GMBH", "Acme GmbH", "acme", "N/A", "12345", "DE 123", "Ärger 5"])
texts = st.lists(st.sampled_from(["+49 30 123456", "a@b.de", "www.b.de", "DE 136 695 976", "000"]), max_size=3)
record = st.fixed_dictionaries(
    {a: texts if a in MULTI_ROLES else some for a in (*GOLDEN_ATTRIBUTES, "full_address")}
    | {
        "system": st.sampled_from(["crm", "erp", "xls"]),
        "customer": st.integers(1, 3),
        "known": st.booleans(),
        "changed_at": st.none() | st.sampled_from(["2024-01-01", "2024-06-01"]),
        "kind": st.sampled_from(["organisation", "person"]),
    }
)
records = st.lists(record, min_size=1, max_size=8)
orders = st.lists(st.permutations(ALL_RULES), min_size=20, max_size=20)

Row = dict[str, Any]
Tables = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def tables(rows: list[Row]) -> Tables:
    """CROSSWALK, MAPPED and STANDARD of the records; `known` ones have match keys and valid identifiers."""
    named = sorted(
        ({**row, "key": str(n), "row_hash": "x"} for n, row in enumerate(rows)), key=lambda r: (r["system"], r["key"])
    )
    crosswalk = [{**r, "master_id": f"M-{r['customer']}"} for r in named]
    standard = [
        {
            **{c: (r.get(c) or "").lower() or None if r["known"] else None for c in (*ADDRESS, *PERSON)},
            "name": (r["name"] or r["legal_name"] or "").lower() or None if r["known"] else None,
            **{c: r[c] for c in ("system", "key", "row_hash", "kind", "changed_at")},
            "rid": rid,
            "phones": ["+4930123456"] if r["known"] else [],
            "emails": ["a@b.de"],
            "domains": ["b.de"],
            "identifiers": ["vat:DE136695976"] if r["known"] else [],
            "invalid_identifiers": ["vat:DE136695976"],
        }
        for rid, r in enumerate(named)
    ]
    return _frame(crosswalk, CROSSWALK), _frame(named, MAPPED), _frame(standard, STANDARD)


def _frame(rows: list[Row], schema: Any) -> pl.DataFrame:
    return pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=dict(schema))


def rulebook(orders: list[list[str]]) -> SurvivorshipRules:
    grouped = [ADDRESS, PERSON, *((a,) for a in GOLDEN_ATTRIBUTES if a not in ADDRESS + PERSON)]
    rules = [{"attributes": g, "rules": order} for g, order in zip(grouped, orders, strict=False)]
    return SurvivorshipRules.model_validate({"source_order": ["erp", "crm"], "attributes": rules})


def delivered(row: Row, attribute: str) -> list[str]:
    values = row[attribute] if attribute in MULTI_ROLES else [row[attribute]]
    found = [v for v in values or [] if v is not None]
    if attribute == "name" and not found and row["legal_name"]:
        return [row["legal_name"]]
    if attribute == "street" and not (row["street"] or row["postcode"] or row["city"]) and row["full_address"]:
        return [row["full_address"]]
    return found


@FAST
@given(records, orders)
def test_every_golden_value_is_one_its_record_delivered(rows: list[Row], order: list[list[str]]) -> None:
    crosswalk, mapped, standard = tables(rows)
    found = choose_golden(crosswalk, mapped, standard, rulebook(order))
    customer = crosswalk["master_id"].to_list()
    for golden, told in zip(found.golden.to_dicts(), found.provenance.to_dicts(), strict=True):
        for attribute in GOLDEN_ATTRIBUTES:
            value, rid, rule = golden[attribute], told[f"{attribute}_rid"], told[f"{attribute}_rule"]
            assert (value is None) == (rid is None) == (rule is None)
            if rid is not None:
                assert customer[rid] == golden["master_id"]
                assert value in delivered(mapped.row(rid, named=True), attribute)
                assert rule in {*ALL_RULES, "only_value", "valid", "complete", "record_key"}


@FAST
@given(records, orders)
def test_a_value_is_missing_only_where_no_record_has_one(rows: list[Row], order: list[list[str]]) -> None:
    crosswalk, mapped, standard = tables(rows)
    golden = choose_golden(crosswalk, mapped, standard, rulebook(order)).golden
    customer = crosswalk["master_id"].to_list()
    for row in golden.to_dicts():
        own = [r for r, m in zip(mapped.to_dicts(), customer, strict=True) if m == row["master_id"]]
        for attribute in set(GOLDEN_ATTRIBUTES) - {*ADDRESS, *PERSON}:
            assert (row[attribute] is None) == (not any(delivered(r, attribute) for r in own))


@FAST
@given(records, orders)
def test_the_values_of_a_group_come_from_one_record(rows: list[Row], order: list[list[str]]) -> None:
    crosswalk, mapped, standard = tables(rows)
    found = choose_golden(crosswalk, mapped, standard, rulebook(order))
    for golden, told in zip(found.golden.to_dicts(), found.provenance.to_dicts(), strict=True):
        for group in (ADDRESS, PERSON):
            rids = {told[f"{a}_rid"] for a in group} - {None}
            assert len(rids) <= 1
            for rid in rids:
                own = mapped.row(rid, named=True)
                assert all(golden[a] == next(iter(delivered(own, a)), None) for a in group)


@FAST
@given(records, orders, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(rows: list[Row], order: list[list[str]], chance: random.Random) -> None:
    one = tables(rows)
    mixed = [t[chance.sample(range(t.height), t.height)] for t in one]
    first = choose_golden(one[0], one[1], one[2], rulebook(order))
    second = choose_golden(mixed[0], mixed[1], mixed[2], rulebook(order))
    assert first.golden.equals(second.golden)
    assert first.provenance.equals(second.provenance)


@FAST
@given(records, orders)
def test_a_customer_is_the_same_whatever_other_customers_there_are(rows: list[Row], order: list[list[str]]) -> None:
    crosswalk, mapped, standard = tables(rows)
    together = choose_golden(crosswalk, mapped, standard, rulebook(order))
    for master in crosswalk["master_id"].unique():
        own = crosswalk.filter(pl.col("master_id") == master)
        alone = choose_golden(own, mapped, standard, rulebook(order))
        assert alone.golden.equals(together.golden.filter(pl.col("master_id") == master))
        assert alone.provenance.equals(together.provenance.filter(pl.col("master_id") == master))


@FAST
@given(records, orders)
def test_golden_and_provenance_stand_side_by_side_for_each_customer(rows: list[Row], order: list[list[str]]) -> None:
    crosswalk, mapped, standard = tables(rows)
    found = choose_golden(crosswalk, mapped, standard, rulebook(order))
    assert found.golden["master_id"].to_list() == sorted(set(crosswalk["master_id"]))
    assert found.provenance["master_id"].equals(found.golden["master_id"])
    assert dict(found.golden.schema) == dict(GOLDEN)
    assert int(found.golden["records"].sum()) == crosswalk.height


def rank(rule: str, row: Row, rows: list[Row]) -> tuple[int, ...]:
    """The rules over names, by their definition; smaller is better. Names here are never long enough to be cut."""
    value = row["name"]
    match rule:
        case "well_written":
            small, capital = any(c.islower() for c in value), any(c.isupper() for c in value)
            capitals = any(len(w) >= 5 and w.isupper() for w in value.split())
            return (int((capitals and not small) or (small and not capital)),)
        case "most_recent":
            return (-int((row["changed_at"] or "0").replace("-", "")),)
        case "most_frequent":
            folded = [folded_name(r) for r in rows]
            return (-folded.count(folded_name(row)), -[r["name"] for r in rows].count(value))
        case "longest":
            return (-len(value),)
        case _:
            return (["erp", "crm", "xls"].index(row["system"]),)


def folded_name(row: Row) -> str:
    name: str = row["name"].lower()
    return name if row["known"] else "".join(c for c in name if c.isalnum())


@FAST
@given(records, st.permutations(ALL_RULES))
def test_the_chosen_name_is_the_first_by_all_rules_in_order(rows: list[Row], order: list[str]) -> None:
    crosswalk, mapped, standard = tables(rows)
    found = choose_golden(crosswalk, mapped, standard, rulebook([order] * 20))
    named = sorted(
        ({**row, "key": str(n), "name": row["name"] or row["legal_name"]} for n, row in enumerate(rows)),
        key=lambda r: (r["system"], r["key"]),
    )
    for golden, told in zip(found.golden.to_dicts(), found.provenance.to_dicts(), strict=True):
        own = [
            {**r, "rid": rid}
            for rid, r in enumerate(named)
            if f"M-{r['customer']}" == golden["master_id"] and r["name"] is not None
        ]
        if own:
            best = min(own, key=lambda r: (not r["known"], *(rank(rule, r, own) for rule in order), r["rid"]))
            assert golden["name"] == best["name"]
            giver = next(r for r in own if r["rid"] == told["name_rid"])
            assert giver["known"] == best["known"] or len({r["name"] for r in own}) == 1
