"""`mdm dedupe`: files in, customers out, with no project and no configuration."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from pydantic import ValidationError

from mdm.app.carried import write_carried
from mdm.app.detect import DetectedFile
from mdm.app.engine import open_scratch
from mdm.app.facts import report_facts
from mdm.app.inputs import Inputs, read_inputs
from mdm.app.manifest import make_manifest, result_hash
from mdm.app.outputs import write_json, write_outputs
from mdm.app.pipeline import Engine, Result, nothing_before, run_pipeline
from mdm.app.summary import summarise
from mdm.app.watch import Watch
from mdm.match import load_model
from mdm.report import ReportFacts, render_report
from mdm.rulebook import (
    Mapping,
    PublishRules,
    Rulebook,
    SourceRules,
    TargetRules,
    dump_mapping,
    load_shipped,
)
from mdm.settings import Settings

CROSSWALK_FIELD = "MDM_ID"


@dataclass(frozen=True, slots=True)
class Deduped:
    """What a run without a project found, and the files it wrote."""

    result: Result
    facts: ReportFacts
    written: tuple[Path, ...]


def dedupe(sources: Sequence[SourceRules], into: Path, settings: Settings, watch: Watch) -> Deduped:
    """Run the main job on these sources and write everything into the folder `into`.

    Nothing is written there until the whole job has succeeded. Raises InputRefused when a file is refused.
    """
    shipped = load_shipped()
    rulebook = shipped.model_copy(update={"sources": tuple(sources)})
    with tempfile.TemporaryDirectory(prefix="mdm-") as scratch:
        folder = Path(scratch)
        with watch.stage("Read files"):
            inputs = read_inputs(rulebook, Path.cwd(), folder / "landing")
        rulebook = rulebook.model_copy(update={"publish": _targets(inputs)})
        with open_scratch(folder, settings) as connection:
            result = _run(inputs, rulebook, connection, watch)
        with watch.stage("Write results"):
            return _write(result, rulebook, into, watch)


def _run(inputs: Inputs, rulebook: Rulebook, connection: duckdb.DuckDBPyConnection, watch: Watch) -> Result:
    return run_pipeline(inputs, rulebook, nothing_before(), Engine(connection, load_model()), watch)


def _targets(inputs: Inputs) -> PublishRules:
    """Every system is told the crosswalk id and nothing else; one whose name cannot be a file's gets no file."""
    targets = []
    for source in inputs.sources:
        try:
            field = source.crosswalk_field or CROSSWALK_FIELD
            targets.append(TargetRules(system=source.system, crosswalk_field=field))
        except ValidationError:
            continue
    return PublishRules(targets=tuple(targets))


def _write(result: Result, rulebook: Rulebook, into: Path, watch: Watch) -> Deduped:
    digest = result_hash(result)
    written = write_outputs(result, rulebook.publish, into, digest[:12])
    written += [write_carried(x, result.assignment.crosswalk, into / "records") for x in result.inputs.landed]
    mapping = into / "mapping.yaml"
    mapping.write_text(dump_mapping(Mapping(sources=rulebook.sources)), encoding="utf-8")
    manifest = make_manifest(result.inputs, rulebook, load_model()) | {"result_hash": digest}
    summary = write_json(summarise(result, watch.timings) | {"manifest": manifest}, into / "summary.json")
    facts = report_facts(result, manifest, watch.timings)
    report = into / "report.html"
    report.write_text(render_report(facts), encoding="utf-8")
    return Deduped(result, facts, (*written, mapping, summary, report))


def detected_sources(files: Sequence[DetectedFile]) -> tuple[SourceRules, ...]:
    """The sources of files that were looked at."""
    return tuple(f.source for f in files)
