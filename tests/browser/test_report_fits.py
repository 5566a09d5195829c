"""The report in a real browser: its examples fit a laptop and a telephone, by day and by night."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from mdm.records import CROSSWALK, LINKS, STANDARD, STEWARD_PAIRS, empty
from mdm.report import Example, ExampleRecord, ReportFacts, count_figures, render_report

VALUES = {
    "Name": "Nordlicht Präzisionsmaschinenbaugesellschaft mbH & Co. KG",
    "Street": "Falkenbachstraße 117-119",
    "Place": "50667 Köln",
    "Country": "Deutschland",
    "Born": "1970-01-31",
    "Phone": "+49 221 555000, +49 221 555137",
    "E-mail": "einkauf@nordlicht-praezisionsmaschinenbau.example",
    "Website": "https://www.nordlicht-praezisionsmaschinenbau.example",
    "VAT no.": "DE123456788",
    "Tax id": "215/123/45678",
}
ALL_INSIDE = """card => {
  const edge = card.getBoundingClientRect().right;
  return [...card.querySelectorAll('*')].every(e => e.getBoundingClientRect().right <= edge);
}"""


def page_of_an_example() -> str:
    values = tuple(VALUES.values())
    records = tuple(ExampleRecord("salesforce", f"001XQbTu9GieeR6YS{n}", values) for n in range(6))
    return render_report(
        ReportFacts(
            title="salesforce",
            run="1",
            date="2026-05-31",
            figures=count_figures(empty(CROSSWALK), empty(STANDARD), empty(LINKS), empty(STEWARD_PAIRS)),
            review=empty(STEWARD_PAIRS),
            examples=(Example("M-0000001-1", VALUES["Name"], tuple(VALUES), records, (), values),),
        )
    )


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_example_with_every_value_fits_the_page(
    browser: Browser, tmp_path: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    (tmp_path / "report.html").write_text(page_of_an_example(), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator("html").evaluate("e => e.scrollWidth") == width
    assert page.locator(".example").evaluate(ALL_INSIDE)
    page.close()
