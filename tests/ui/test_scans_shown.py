"""What Today and Runs show of the scans: one in full, how numbers moved, how long pairs wait."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.ui import project
from tests.ui.conftest import Page

Opener = Callable[..., Page]


def drawn(page: Page) -> dict[str, dict[str, Any]]:
    """The charts by their titles."""
    charts = [json.loads(element.proto.spec) for element in page.app.get("vega_lite_chart")]
    return {chart["title"]["text"]: chart for chart in charts}


def scan_again(folder: Path, gone: int) -> None:
    """A second scan, with so many records fewer."""
    lines = (folder / "crm.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "crm.csv").write_text("".join(lines[:-gone]), encoding="utf-8")
    project.scan_project(folder, "2026-02-02T08:00:00+00:00")


def test_the_log_of_scans_shows_one_in_full_where_asked(opened: Opener) -> None:
    text = opened("runs", revision="1").text
    assert "The scan of revision 1" in text
    assert "crm.csv" in text
    assert "Find candidate pairs" in text
    for part in ("Manifest", "Hash of the model", "Guards of the sources", "more than 10 %", "New customers"):
        assert part in text
    assert "Choose a scan to see it in full." in opened("runs", revision="x").text


def test_one_scan_has_no_trend_and_two_have_one(opened: Opener, folder: Path) -> None:
    page = opened("overview")
    assert "One scan so far, so there is no trend yet." in page.text
    scan_again(folder, 1)
    page = opened("overview")
    assert "no trend" not in page.text
    assert "1 customer retired" in page.text
    assert "1 record fewer, as many waiting pairs" in page.text


def test_charts_show_how_long_pairs_wait_and_how_usable_values_are(opened: Opener, folder: Path) -> None:
    ages = drawn(opened("overview"))["How long pairs have waited"]
    assert ages["description"].endswith(f"1 to 3 months: 0, longer: {len(project.DOUBTFUL)}")
    scan_again(folder, 4)
    page = opened("overview")
    assert "Data quality: values that can be used" in drawn(page)
    assert "\N{MINUS SIGN}4" in page.texts
    assert "as many" in page.texts
    assert "% fewer" in opened("runs", revision="2").text
