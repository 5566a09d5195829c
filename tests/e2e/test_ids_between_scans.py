"""Master ids from scan to scan: kept wherever they can be, never reused, and every one leads somewhere."""

from __future__ import annotations

from typing import Any

A4, A5, B5 = ("crm", "A004"), ("crm", "A005"), ("crm", "B005")
E4, E5 = ("erp", "0000000005"), ("erp", "0000000006")


def become(world: Any, system: str, at: int, other: int) -> None:
    """Let a record say all that another one says, under its own key."""
    rows = world.rows[system]
    key = next(iter(rows[at]))
    rows[at] = {**rows[other], key: rows[at][key]}
    world.write()


def kinds(project: Any, revision: int) -> dict[str, int]:
    """How many events of each kind a scan brought; `revision` is the one before it in the store."""
    with project.store() as store:
        events = store.read_lineage()
    found: dict[str, int] = {}
    for kind in events.filter(events["rev"] == revision)["kind"]:
        found[kind] = found.get(kind, 0) + 1
    return found


def test_ids_begin_with_the_smallest_records(scanned: Any) -> None:
    ids = scanned.ids()
    assert ids["crm", "A000"] == "M-0000001-1"
    assert [ids["crm", f"A{n:03d}"] for n in range(16)] == sorted({*ids.values()})


def test_a_record_that_moves_takes_the_id_of_its_new_customer(scanned: Any, world: Any) -> None:
    before = scanned.ids()
    become(world, "erp", 4, 5)
    scan = scanned.scan()
    after = scanned.ids()
    assert after[E4] == after[E5] == before[E5]
    assert {r: m for r, m in after.items() if r != E4} == {r: m for r, m in before.items() if r != E4}
    assert scan["counts"]["ids"]["moved"] == 1
    assert kinds(scanned, scan["revision"]) == {"move": 1}


def test_a_merge_keeps_the_larger_customers_id_and_redirects_the_other(scanned: Any, world: Any) -> None:
    before = scanned.ids()
    become(world, "crm", 4, 5)
    become(world, "erp", 4, 5)
    scan = scanned.scan()
    after = scanned.ids()
    assert before[A4] != before[A5]
    assert after[A4] == after[E4] == after[A5] == before[A5]
    with scanned.store() as store:
        resolved = store.resolve(before[A4])
        assert resolved is not None
        assert (resolved.state, resolved.active) == ("merged", before[A5])
        assert before[A4] not in store.read_golden()["master_id"].to_list()
    assert scan["counts"]["ids"]["merged"] == 1
    assert scan["counts"]["customers"] == 15


def test_a_merge_keeps_the_oldest_id_where_the_rules_say_so(scanned: Any, world: Any) -> None:
    before = scanned.ids()
    rules = scanned.folder / "rules" / "match.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("keep_id: overlap", "keep_id: oldest"), encoding="utf-8")
    become(world, "crm", 4, 5)
    become(world, "erp", 4, 5)
    scanned.scan()
    after = scanned.ids()
    assert before[A4] < before[A5]
    assert after[A4] == after[A5] == before[A4]
    with scanned.store() as store:
        resolved = store.resolve(before[A5])
        assert resolved is not None
        assert (resolved.state, resolved.active) == ("merged", before[A4])


def test_a_split_keeps_the_id_for_the_larger_part_and_gives_a_new_one(scanned: Any, world: Any) -> None:
    before = scanned.ids()
    newcomer = {**world.rows["crm"][17], "Account Name": "Zaunkönig Verlag AG", "Phone": "+49 30 777001"}
    newcomer |= {"Email": "post@zaunkoenig.example", "VAT Number": "", "Billing Street": "Am Zaun 9"}
    newcomer |= {"Billing City": "Berlin", "Billing Postal Code": "10115"}
    world.rows["crm"][17] = newcomer
    world.write()
    scan = scanned.scan()
    after = scanned.ids()
    assert before[B5] == before[A5] == after[A5]
    assert after[B5] not in before.values()
    assert after[B5] > max(before.values())
    assert (scan["counts"]["ids"]["split"], scan["counts"]["ids"]["moved"]) == (1, 1)
    assert scan["counts"]["customers"] == 17


def test_a_customer_without_records_is_retired_and_its_id_not_given_again(scanned: Any, world: Any) -> None:
    before = scanned.ids()
    gone = world.rows["crm"].pop(15)  # known to the CRM and the shop
    shop = world.rows["shop"].pop(9)
    world.write()
    scan = scanned.scan()
    assert scan["counts"]["ids"]["retired"] == 1
    with scanned.store() as store:
        resolved = store.resolve(before["crm", "A015"])
        assert resolved is not None
        assert resolved.state == "retired"
    world.rows["crm"].append({**gone, "Id": "A900"})
    world.rows["shop"].append({**shop, "customer_id": "S-900"})
    world.write()
    scanned.scan()
    after = scanned.ids()
    assert after["crm", "A900"] == after["shop", "S-900"]
    assert after["crm", "A900"] not in before.values()


def test_new_records_join_their_customer_and_change_no_id(scanned: Any, world: Any) -> None:
    before = scanned.ids()
    world.rows["crm"].append({**world.rows["crm"][9], "Id": "0NEW"})
    world.write()
    scan = scanned.scan()
    after = scanned.ids()
    assert after["crm", "0NEW"] == before["crm", "A009"]
    assert {r: m for r, m in after.items() if r in before} == before
    assert kinds(scanned, scan["revision"]) == {}


def test_every_id_ever_given_out_leads_to_an_active_one_or_is_retired(scanned: Any, world: Any) -> None:
    ever = set(scanned.ids().values())
    for at, other in ((4, 5), (5, 6), (6, 7)):
        become(world, "crm", at, other)
        become(world, "erp", at, other)
        scanned.scan()
        ever |= set(scanned.ids().values())
    active = set(scanned.ids().values())
    with scanned.store() as store:
        for master_id in sorted(ever):
            resolved = store.resolve(master_id)
            assert resolved is not None
            assert resolved.state == "retired" or resolved.active in active
        masters = store.read_masters()
        assert masters["sequence"].is_unique().all()
        assert set(masters.filter(masters["state"] == "active")["master_id"]) == active


def test_publishing_tells_each_system_the_new_id(scanned: Any, world: Any) -> None:
    publish = scanned.folder / "rules" / "publish.yaml"
    publish.write_text("version: 1\ntargets: [{system: erp, crosswalk_field: ZZ_ID}]\n", encoding="utf-8")
    scanned.scan()
    become(world, "erp", 4, 5)
    scanned.scan()
    assert scanned.mdm("export", scanned.folder, "--format", "csv").code == 0
    ids = scanned.ids()
    with (scanned.folder / "out" / "publish" / "erp.csv").open(encoding="utf-8") as file:
        told = dict(line.rstrip("\n").replace('"', "").split(",") for line in list(file)[1:])
    assert told == {key: master_id for (system, key), master_id in ids.items() if system == "erp"}
