"""Only what differs from the store goes into it, in short transactions, and becomes visible in one moment."""

from __future__ import annotations

from dataclasses import dataclass, fields

import polars as pl

from mdm.app.pipeline import Result
from mdm.records import LINEAGE, MASTERS, QUARANTINE, worth
from mdm.store import Stage, Store, ask, difference, golden_rows, link_rows, record_rows, since

RECORD = ["system", "key"]
PAIR = ["system_l", "key_l", "system_r", "key_r"]
CHANGE = ["target", "key", "field"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a result changes in the store: of each table the rows that are new or different, as the store keeps them.

    `…_gone` are the keys of rows that stand no more. `quarantine` and `input_files` are those of the scan, whole.
    """

    records: pl.DataFrame
    records_gone: pl.DataFrame
    crosswalk: pl.DataFrame
    crosswalk_gone: pl.DataFrame
    masters: pl.DataFrame
    golden: pl.DataFrame
    golden_gone: pl.DataFrame
    links: pl.DataFrame
    links_gone: pl.DataFrame
    questions: pl.DataFrame
    questions_gone: pl.DataFrame
    changes: pl.DataFrame
    changes_gone: pl.DataFrame
    lineage: pl.DataFrame
    quarantine: pl.DataFrame
    input_files: pl.DataFrame

    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table by its name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def changes_nothing(self) -> bool:
        """True when no row of the store would be another; what the scan set aside is not looked at."""
        whole = ("quarantine", "input_files")
        return not any(frame.height for name, frame in self.tables().items() if name not in whole)


def find_difference(store: Store, result: Result, rules_hash: str, now: str) -> Difference:
    """Compare a result, as of that moment, with what the store shows now."""
    last = store.last_run()
    keys = result.standard.select("rid", "system", "key")
    golden = golden_rows(result.golden.golden, result.golden.provenance, keys)
    links = link_rows(result.matched.links, keys)
    asked_before = store.read_questions()
    # What is asked again comes first: of several links the report shows the decided one.
    values = worth(result.inputs.mapped, result.assignment.crosswalk)
    asked = since(ask(links, result.assignment.crosswalk, golden, result.review, values), asked_before, now)
    tables = {
        "records": _changed_records(store, result, rules_changed=last is None or last.rules_hash != rules_hash),
        "crosswalk": difference(result.assignment.crosswalk, store.read_crosswalk(), key=RECORD),
        "golden": difference(golden, store.read_golden_hashes(), key=["master_id"]),
        "links": difference(links, store.read_links(), key=PAIR),
        "questions": difference(asked, asked_before, key=PAIR),
        "changes": difference(result.changes, store.read_publish_changes(), key=CHANGE),
    }
    masters, _ = difference(result.assignment.masters.select(list(MASTERS)), store.read_masters(), key=["master_id"])
    return Difference(
        **{name: changed for name, (changed, _) in tables.items()},
        **{f"{name}_gone": gone for name, (_, gone) in tables.items()},
        masters=masters,
        lineage=result.assignment.lineage.select(list(LINEAGE)),
        quarantine=result.inputs.quarantine.select(list(QUARANTINE)),
        input_files=_input_files(result),
    )


def stage_difference(stage: Stage, found: Difference) -> int:
    """Write all of it, unseen; returns the number of rows."""
    writes = stage.put_masters(found.masters)
    writes += stage.put_records(found.records, found.records_gone)
    writes += stage.put_crosswalk(found.crosswalk, found.crosswalk_gone)
    writes += stage.put_lineage(found.lineage)
    writes += stage.put_golden(found.golden, found.golden_gone)
    writes += stage.put_links(found.links, found.links_gone)
    writes += stage.put_questions(found.questions, found.questions_gone)
    writes += stage.put_publish_changes(found.changes, found.changes_gone)
    writes += stage.put_quarantine(found.quarantine)
    return writes + stage.put_input_files(found.input_files)


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
        return difference(record_rows(mapped), store.read_records(), key=RECORD)
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
