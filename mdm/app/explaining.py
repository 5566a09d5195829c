"""`mdm explain`: why two records are one customer, why not, or why nobody ever asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from mdm.app.desk_links import Explainer, Link
from mdm.app.explain_chain import Tie
from mdm.app.explain_finding import Evidence, look_up
from mdm.app.explain_read import (
    Everything,
    frame_of,
    pairs_between,
    read_everything,
    read_standard,
    records_asked,
    strongest_link,
    strongest_pair,
)
from mdm.app.explain_words import Verdict, tell, verdict_of
from mdm.app.project import Project
from mdm.app.watch import Watch
from mdm.match import SharedKey, compare_pair, compared_values, probability_of, thresholds
from mdm.records import RecordKey, conform
from mdm.report.visible import visible
from mdm.steward import Decision, standing
from mdm.store import STORED_LINKS, Store

AT_ONCE: Final = 50_000
"""Up to so many records everything is read and counted: that takes a few seconds."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: two records (`system:key`), or a record and a customer by its master id.

    With `full` all records are read also where a stored link answers: only then the blocking rules are known.
    """

    one: str
    other: str
    full: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """Everything that is known of a pair. `line` says it in one line, `link` holds the weights.

    `keys` are the blocking rules whose keys both records have, None where not all records were read; `compared` is
    whether the scan compared the two; `values` gives for each comparison what the two say. Weights are in bits.
    """

    left: RecordKey
    right: RecordKey
    master_ids: tuple[str | None, str | None]
    verdict: Verdict
    line: str
    link: Link
    values: Mapping[str, tuple[str, str]]
    compared: bool
    auto_from: float
    review_from: float
    keys: tuple[SharedKey, ...] | None
    chain: tuple[Tie, ...]
    decisions: tuple[Decision, ...]
    notes: tuple[str, ...]


def explain(project: Project, question: Question, watch: Watch) -> Explained:
    """Explain a pair from what the last scan left in the store.

    Of a customer named by its master id, the record is taken that is linked best with the other side. Raises
    SettingsInvalid when one of the two is not there, and StoreRefused when nothing was scanned yet.
    """
    with project.open_scanned_store() as store:
        run = store.last_run()
        sides = [records_asked(store, text) for text in (question.one, question.other)]
        pairs = pairs_between(sides[0], sides[1])
        scored_by = str((run.manifest if run else {}).get("model", {}).get("sha256", ""))
        same_model = scored_by == project.model.digest
        stored = strongest_link(store, pairs)
        small = run is not None and int(run.counts.get("records", 0)) <= AT_ONCE
        known = Explainer(project.model, scored_by).explain(stored)
        if known and known[0].bars and not small and not question.full:
            evidence = Evidence(known[0])
        else:
            everything = read_everything(store, project, watch)
            pair = (known[0].left, known[0].right) if known else strongest_pair(everything, pairs, project)
            evidence = _compute(everything, pair, project)
        notes = () if same_model else ("The last scan used another match model; these are the weights of today's.",)
        return _explained(store, project, evidence, notes)


def _compute(everything: Everything, pair: tuple[RecordKey, RecordKey], project: Project) -> Evidence:
    """Weigh a pair among all records, as a scan of them would."""
    rules, model = project.rulebook.match, project.model
    left, right = pair
    found = compare_pair(everything.encoded, (everything.rid(left), everything.rid(right)), model, cap=rules.block_cap)
    auto_from, review_from = thresholds(model, rules)
    strong = found.weight >= auto_from
    joins = strong and not found.veto and rules.auto
    row = {
        "system_l": left.system,
        "key_l": left.key,
        "system_r": right.system,
        "key_r": right.key,
        "weight": found.weight,
        "probability": float(probability_of(np.array([found.weight]))[0]),
        "band": "auto" if joins else "review" if found.weight >= review_from else "no",
        "veto": found.veto and strong,
        "levels": list(found.levels),
    }
    links = conform(pl.DataFrame([row]), STORED_LINKS, "link")
    return Evidence(Explainer(model, model.digest).explain(links)[0], found.compared, found.keys)


def _explained(store: Store, project: Project, evidence: Evidence, notes: tuple[str, ...]) -> Explained:
    pair = (evidence.link.left, evidence.link.right)
    owners = owners_of(store, pair)
    master_ids = (owners.get(pair[0]), owners.get(pair[1]))
    customer = store.get_customer(master_ids[0]) if master_ids[0] and master_ids[0] == master_ids[1] else None
    bands = thresholds(project.model, project.rulebook.match)
    finding = look_up(evidence, master_ids, customer, standing(store.decisions()), bands)
    one, other = compared_values(read_standard(store, project, pair))
    return Explained(
        left=pair[0],
        right=pair[1],
        master_ids=master_ids,
        verdict=verdict_of(finding),
        line=tell(finding),
        link=evidence.link,
        values={name: (visible(one[name]), visible(other[name])) for name in one},
        compared=evidence.compared,
        auto_from=finding.auto_from,
        review_from=finding.review_from,
        keys=evidence.keys,
        chain=finding.chain,
        decisions=finding.decisions,
        notes=notes,
    )


def owners_of(store: Store, pair: tuple[RecordKey, RecordKey]) -> dict[RecordKey, str]:
    """Whose the records are."""
    mine = store.read_crosswalk().join(frame_of(pair), on=["system", "key"], how="semi")
    return {RecordKey(system, key): master_id for system, key, master_id in mine.iter_rows()}


def as_plain(found: Explained) -> dict[str, Any]:
    """The explanation as plain values, for JSON."""
    return {
        "left": str(found.left),
        "right": str(found.right),
        "master_ids": list(found.master_ids),
        "verdict": found.verdict,
        "line": found.line,
        "compared": found.compared,
        "weight": found.link.weight,
        "probability": found.link.probability,
        "auto_from": found.auto_from,
        "review_from": found.review_from,
        "steps": [
            {"comparison": b.comparison, "finding": b.finding, "weight": b.weight, "total": b.total}
            | dict(zip(("left", "right"), found.values.get(b.comparison, ("", "")), strict=True))
            for b in found.link.bars
        ],
        "outcome": {word: list(names) for word, names in found.link.agreed},
        "blocking": None
        if found.keys is None
        else [{"rule": k.rule, "records": k.records, "limit": k.limit, "found": k.found} for k in found.keys],
        "chain": [
            {"left": str(t.left), "right": str(t.right), "weight": t.weight, "decision": t.decision.number}
            if t.decision
            else {"left": str(t.left), "right": str(t.right), "weight": t.weight, "decision": None}
            for t in found.chain
        ],
        "decisions": [
            {"number": d.number, "answer": d.answer, "left": str(d.left), "right": str(d.right)}
            | {"author": d.author, "at": d.at, "reason": d.reason}
            for d in found.decisions
        ],
        "notes": list(found.notes),
    }
