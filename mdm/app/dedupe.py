"""`mdm dedupe`: files in, customers out, with no project and no configuration."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from mdm.app.carried import write_carried
from mdm.app.engine import open_scratch
from mdm.app.facts import Occasion, report_facts
from mdm.app.inputs import Inputs, read_inputs
from mdm.app.manifest import make_manifest, result_hash
from mdm.app.outfolder import SUMMARY, files_in, filling, refuse_unfit
from mdm.app.outputs import write_json, write_outputs
from mdm.app.pipeline import Engine, Result, nothing_before, run_pipeline
from mdm.app.summary import summarise
from mdm.app.targets import complete_targets
from mdm.app.watch import Watch
from mdm.match import keep_model, load_model, refine_model
from mdm.report import ReportFacts, render_report
from mdm.rulebook import (
    Mapping,
    PublishRules,
    Rulebook,
    SourceRules,
    dump_mapping,
    load_shipped,
)
from mdm.settings import Settings


@dataclass(frozen=True, slots=True)
class Deduped:
    """What a run without a project found, and the files it wrote."""

    result: Result
    facts: ReportFacts
    counts: dict[str, Any]
    written: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Errand:
    """Where a run without a project writes its results, and what its report says of when and how it was run."""

    into: Path
    occasion: Occasion


def dedupe(sources: Sequence[SourceRules], errand: Errand, settings: Settings, watch: Watch) -> Deduped:
    """Run the main job on these sources and write everything into the errand's folder.

    Nothing is written there until the whole job has succeeded. Raises InputRefused when a file is refused, and
    SettingsInvalid when that folder cannot take the results.
    """
    refuse_unfit(errand.into, [Path(source.path) for source in sources])
    shipped = load_shipped()
    rulebook = shipped.model_copy(update={"sources": tuple(sources)})
    with tempfile.TemporaryDirectory(prefix="mdm-") as scratch:
        folder = Path(scratch)
        with watch.stage("Read files"):
            inputs = read_inputs(rulebook, Path.cwd(), folder / "landing")
        rulebook = rulebook.model_copy(update={"publish": complete_targets(PublishRules(), inputs.sources)})
        with open_scratch(folder, settings) as connection:
            result = _run(inputs, rulebook, connection, watch)
        with watch.stage("Write results"):
            return _write(result, rulebook, errand, watch)


def _run(inputs: Inputs, rulebook: Rulebook, connection: duckdb.DuckDBPyConnection, watch: Watch) -> Result:
    weigh_by = refine_model if rulebook.match.refine else keep_model
    return run_pipeline(inputs, rulebook, nothing_before(), Engine(connection, load_model(), weigh_by), watch)


def _write(result: Result, rulebook: Rulebook, errand: Errand, watch: Watch) -> Deduped:
    manifest = make_manifest(result.inputs, rulebook, result.matched.weighing) | {"result_hash": result_hash(result)}
    facts = report_facts(result, manifest, watch.timings, errand.occasion)
    with filling(errand.into) as part:
        write_outputs(result, rulebook.publish, part, manifest["result_hash"][:12])
        for landed in result.inputs.landed:
            write_carried(landed, result.assignment.crosswalk, part / "records")
        (part / "mapping.yaml").write_text(dump_mapping(Mapping(sources=rulebook.sources)), encoding="utf-8")
        (part / "report.html").write_text(render_report(facts), encoding="utf-8")
        written = [*files_in(part), SUMMARY]
        counts = summarise(result, watch.timings)
        told = {"date": errand.occasion.date, "command": errand.occasion.command}
        write_json(counts | told | {"manifest": manifest, "written": written}, part / SUMMARY)
    return Deduped(result, facts, counts, tuple(errand.into / name for name in written))
