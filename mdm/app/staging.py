"""Only what differs from the store goes into it, in short transactions, and becomes visible in one moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from mdm.app.pipeline import Result
from mdm.records import LINEAGE, MASTERS, QUARANTINE
from mdm.store import Run, ScanLease, Store, difference, golden_rows, link_rows, record_rows

RECORD = ["system", "key"]
PAIR = ["system_l", "key_l", "system_r", "key_r"]
CHANGE = ["target", "key", "field"]


def stage_differences(
    store: Store, lease: ScanLease, result: Result, run: Run, finish: Callable[[], str]
) -> tuple[int, int]:
    """Write what changed since the last scan and make it visible; returns rows written and the revision.

    Where the input was known and nothing differs, nothing is written at all, not even a run, and the revision stays.
    `finish` tells the moment at which the rest becomes visible: the store answers for any past moment by it.
    """
    last = store.last_run()
    records = _changed_records(store, result, rules_changed=last is None or last.rules_hash != run.rules_hash)
    crosswalk = difference(result.assignment.crosswalk, store.read_crosswalk(), key=RECORD)
    masters, _ = difference(result.assignment.masters.select(list(MASTERS)), store.read_masters(), key=["master_id"])
    keys = result.standard.select("rid", "system", "key")
    golden = difference(
        golden_rows(result.golden.golden, result.golden.provenance, keys), store.read_golden_hashes(), key=["master_id"]
    )
    links = difference(link_rows(result.matched.links, keys), store.read_links(), key=PAIR)
    changes = difference(result.changes, store.read_publish_changes(), key=CHANGE)
    lineage = result.assignment.lineage.select(list(LINEAGE))
    tables = (*records, *crosswalk, masters, *golden, *links, *changes, lineage)
    known = last is not None and (last.result_hash, last.input_hash) == (run.result_hash, run.input_hash)
    if known and not any(t.height for t in tables) and is_known_quarantine(result.inputs.quarantine, store):
        return 0, store.current_revision()
    stage = store.stage_scan(lease)
    try:
        writes = stage.put_masters(masters)
        writes += stage.put_records(*records)
        writes += stage.put_crosswalk(*crosswalk)
        writes += stage.put_lineage(lineage)
        writes += stage.put_golden(*golden)
        writes += stage.put_links(*links)
        writes += stage.put_publish_changes(*changes)
        writes += stage.put_quarantine(result.inputs.quarantine)
        writes += stage.put_input_files(_input_files(result))
        return writes, stage.apply(replace(run, finished_at=finish()))
    except BaseException:
        stage.abandon()
        raise


def is_known_quarantine(quarantine: pl.DataFrame, store: Store) -> bool:
    """True when the store holds just these records as set aside."""
    columns = list(QUARANTINE)
    return quarantine.select(columns).unique().sort(columns).equals(store.read_quarantine())


def _changed_records(store: Store, result: Result, *, rules_changed: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """New and changed source records, and the keys of those that are gone."""
    mapped = result.inputs.mapped
    changed, removed = difference(mapped.select(*RECORD, "row_hash"), store.read_record_hashes(), key=RECORD)
    if rules_changed:
        # Other rules may give the same row other roles: compare the mapped values themselves.
        bodies, removed = difference(record_rows(mapped), store.read_records(), key=RECORD)
        return bodies, removed
    return record_rows(mapped.join(changed.select(RECORD), on=RECORD, how="semi")), removed


def _input_files(result: Result) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "system": system,
                "path": f.path,
                "sha256": f.sha256,
                "size": f.size,
                "rows_in": f.rows_in,
                "loaded": f.loaded,
                "unchanged": f.unchanged,
                "quarantined": f.quarantined,
            }
            for system, f in result.inputs.files
        ]
    )
