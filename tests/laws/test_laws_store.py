"""Laws of the store: whatever is staged, applied, abandoned or lost, it reads back like a dict, then and ever after."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mdm.records import MAPPED, RecordKey, SystemName, conform, format_master_id, parse_master_id
from mdm.store import Run, Store, difference, mapped_rows, open_store, record_rows
from mdm.store.frames import STORED_RECORDS
from mdm.store.tables import metadata

KEYS = st.sampled_from(["1", "2", "3", "é", ""])
STATES = st.fixed_dictionaries(
    {
        "records": st.dictionaries(KEYS, st.sampled_from(["x", "y", "", "\\N"]), max_size=4),
        "crosswalk": st.dictionaries(KEYS, st.integers(0, 3), max_size=4),
        "masters": st.lists(st.sampled_from(["active", "merged", "retired"]), min_size=4, max_size=4),
        "changes": st.dictionaries(KEYS, st.none() | st.sampled_from(["", "v"]), max_size=3),
    }
)
SCANS = st.tuples(st.sampled_from(["apply", "apply", "abandon", "lose"]), STATES, st.sampled_from(["", "", "decide"]))
NOTHING: dict[str, Any] = {"records": {}, "crosswalk": {}, "masters": [], "changes": {}, "decisions": 0}


def frames(state: dict[str, Any], first: int) -> dict[str, pl.DataFrame]:
    """The tables of a state, its ids numbered from `first`."""
    ids = [str(format_master_id(n)) for n in range(first, first + 4)]
    records = [("a", key, value, "{}") for key, value in state["records"].items()]
    masters = [
        (ids[n], first + n, name, ids[0] if name == "merged" and n > 0 else None)
        for n, name in enumerate(state["masters"])
    ]
    changes = [("crm", key, ids[0], "F", None, value) for key, value in state["changes"].items()]
    return {
        "records": pl.DataFrame(records, schema=dict(STORED_RECORDS), orient="row"),
        "crosswalk": pl.DataFrame(
            [("a", key, ids[m]) for key, m in state["crosswalk"].items()],
            schema=dict.fromkeys(("system", "key", "master_id"), pl.String),
            orient="row",
        ),
        "masters": pl.DataFrame(
            masters,
            schema={"master_id": pl.String, "sequence": pl.Int64, "state": pl.String, "into": pl.String},
            orient="row",
        ),
        "changes": pl.DataFrame(
            changes,
            schema=dict.fromkeys(("target", "key", "master_id", "field", "old", "new"), pl.String),
            orient="row",
        ),
    }


def put(store: Store, stage: Any, state: dict[str, Any]) -> int:
    now = frames(state, first_id(store) or store.last_issued() + 1)
    record, change = ["system", "key"], ["target", "key", "field"]
    written: int = stage.put_masters(difference(now["masters"], store.read_masters(), key=["master_id"])[0])
    written += stage.put_records(*difference(now["records"], store.read_record_hashes(), key=record))
    written += stage.put_crosswalk(*difference(now["crosswalk"], store.read_crosswalk(), key=record))
    written += stage.put_publish_changes(*difference(now["changes"], store.read_publish_changes(), key=change))
    return written


def first_id(store: Store) -> int | None:
    """The number of the first id there is; what a stopped scan took is never given again."""
    masters = store.read_masters()
    return None if masters.is_empty() else int(masters["sequence"][0])


def read(store: Store, revision: int | None = None) -> dict[str, Any]:
    return {
        "records": {key: value for _, key, value, _ in store.read_records(revision=revision).rows()},
        "crosswalk": {
            key: parse_master_id(m) - (first_id(store) or 0)
            for _, key, m in store.read_crosswalk(revision=revision).rows()
        },
        "masters": store.read_masters(revision=revision)["state"].to_list(),
        "changes": {row[1]: row[5] for row in store.read_publish_changes(revision=revision).rows()},
        "decisions": store.decisions(revision=revision).height,
    }


def play(store: Store, scans: list[tuple[str, dict[str, Any], str]]) -> None:
    history = {0: NOTHING}
    for end, state, decide in scans:
        before = history[max(history)]
        lease = store.begin_scan("law", "t")
        stage = store.stage_scan(lease)
        put(store, stage, state)
        assert read(store) == before
        if decide:
            pair = (RecordKey(SystemName("a"), str(len(history))), RecordKey(SystemName("b"), "1"))
            store.add_decision("match", *pair, author="ann", at="t", reason="")
            before = before | {"decisions": before["decisions"] + 1}
            history[store.current_revision()] = before
        if end == "apply":
            history[stage.apply(Run("s", "f"))] = state | {"decisions": before["decisions"]}
        elif end == "abandon":
            stage.abandon()
        else:
            store.break_scan_lock(author="ann", at="t")
        lease.release()
        assert store.current_revision() == max(history)
        for revision, model in history.items():
            assert read(store, revision) == model
    again = store.stage_scan(store.begin_scan("law", "t"))
    standing = history[max(history)]
    assert put(store, again, standing) == 0
    again.abandon()
    store.break_scan_lock(author="ann", at="t")


@settings(max_examples=15, deadline=None)
@given(scans=st.lists(SCANS, max_size=5))
def test_any_history_reads_back_as_it_was_on_sqlite(scans: list[tuple[str, dict[str, Any], str]]) -> None:
    with open_store("sqlite://", rest=lambda _: None) as store:
        play(store, scans)


def empty_again(store: Store) -> None:
    """As it was when it was made: to make another database for each example would take too long."""
    with store._database.writing() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # past the triggers that keep things
        for table in reversed(metadata.sorted_tables):
            if table.name not in ("meta", "pointer", "revision"):
                connection.execute(table.delete())
        connection.exec_driver_sql("DELETE FROM revision WHERE rev > 0")
        connection.exec_driver_sql("UPDATE pointer SET current = 0, building = NULL, issued = 0")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scans=st.lists(SCANS, max_size=4))
def test_any_history_reads_back_as_it_was_on_postgresql(
    postgres_url: str, scans: list[tuple[str, dict[str, Any], str]]
) -> None:
    with open_store(postgres_url, rest=lambda _: None) as store:
        empty_again(store)
        play(store, scans)


ROWS = st.dictionaries(KEYS, st.none() | st.sampled_from(["", "x", "y"]), max_size=5)
SCHEMA = {"key": pl.String, "value": pl.String}


@settings(max_examples=100, deadline=None)
@given(new=ROWS, old=ROWS)
def test_a_difference_turns_the_old_table_into_the_new_one(new: dict[str, Any], old: dict[str, Any]) -> None:
    changed, removed = difference(
        pl.DataFrame(list(new.items()), schema=SCHEMA, orient="row"),
        pl.DataFrame(list(old.items()), schema=SCHEMA, orient="row"),
        key=["key"],
    )
    result = dict(old) | dict(changed.rows())
    for (key,) in removed.rows():
        del result[key]
    assert result == new
    assert all(key not in old or old[key] != new[key] for key, _ in changed.rows())
    assert changed["key"].to_list() == sorted(changed["key"])


VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6)


@settings(max_examples=100, deadline=None)
@given(name=st.none() | VALUES, city=st.none() | VALUES, phones=st.none() | st.lists(VALUES, min_size=1, max_size=3))
def test_any_value_comes_back_from_a_body(name: str | None, city: str | None, phones: list[str] | None) -> None:
    row = dict.fromkeys(MAPPED) | {"system": "a", "key": "1", "row_hash": "h", "name": name, "city": city}
    mapped = conform(pl.DataFrame([row | {"phone": phones}], schema=dict(MAPPED)), MAPPED, "mapped")
    assert mapped_rows(record_rows(mapped)).equals(mapped)
