"""`mdm demo`: the sample of five systems through the main job, scored against its planted truth."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mdm.app.export import export
from mdm.app.facts import Occasion, report_facts
from mdm.app.groundwork import Call
from mdm.app.project import open_project
from mdm.app.scan import Scanned, scan
from mdm.app.truth import evaluate
from mdm.app.watch import Watch
from mdm.errors import MdmError, SettingsInvalid
from mdm.evaluate import Scores
from mdm.report import ReportFacts, render_report
from mdm.settings import Settings

SAMPLE: Final = Path(__file__).parents[2] / "sample_data" / "small"


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """The demo's scan, its scores, the facts of its report, and where everything lies."""

    scanned: Scanned
    scores: Scores
    facts: ReportFacts
    folder: Path


def demonstrate(folder: Path, settings: Settings, call: Call, watch: Watch) -> Demonstrated:
    """Copy the sample into `folder`, scan it into a new store, score it, write report and exports.

    What an earlier demo left in that folder is replaced. Raises SettingsInvalid where the folder is something else.
    """
    _fresh_copy(folder)
    project = open_project(folder, settings)
    scanned = scan(project, settings, call, watch)
    if scanned.result is None:
        raise SettingsInvalid("The demo's store already holds this scan.", "Unset MDM_STORE_URL and try again.")
    with watch.stage("Write results"):
        with project.open_store() as store:
            scores = evaluate(store.read_crosswalk(), folder / "truth.csv")
            export(store, open_project(folder, settings), project.output, ("csv", "parquet", "excel"))
        facts = report_facts(
            scanned.result, scanned.manifest, watch.timings, Occasion(call.now, "mdm demo"), truth=scores
        )
        (project.output / "report.html").write_text(render_report(facts), encoding="utf-8")
    return Demonstrated(scanned, scores, facts, folder)


def refuse_decided(folder: Path, settings: Settings) -> None:
    """Raise SettingsInvalid when a demo is there in which somebody decided: a new one would delete that."""
    if not (folder / ".demo").is_file() or not (folder / "mdm.yaml").is_file():
        return
    way_out = "Keep it and name another: --out DIR. Or let them go: mdm demo --fresh, make demo ARGS=--fresh."
    try:
        store = open_project(folder, settings).find_store()
    except MdmError as error:
        raise SettingsInvalid(f"The demo in {folder} cannot be opened: {error.what}", way_out) from error
    if store is None:
        return
    with store:
        count = store.decisions().height
    if count:
        decisions = "1 decision" if count == 1 else f"{count:,} decisions"
        raise SettingsInvalid(f"The demo in {folder} holds {decisions} of a steward.", way_out)


def _fresh_copy(folder: Path) -> None:
    if not SAMPLE.is_dir():
        raise SettingsInvalid("The sample data is not here.", "Run the demo from a checkout of the project.")
    if folder.exists():
        if not (folder / ".demo").is_file():
            raise SettingsInvalid(f"{folder} is not a demo of ours.", "Move it away, or name another: --out DIR.")
        shutil.rmtree(folder)
    shutil.copytree(SAMPLE, folder)
    (folder / ".demo").write_text("This folder is made anew by every demo.\n", encoding="utf-8")
