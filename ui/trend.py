"""How records, waiting pairs and the quality of the data moved from scan to scan, and how long pairs have waited.

Charts that read in both themes; the page of scans has the numbers as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import streamlit as st

from mdm.app.desk import LABELS, RunLine, moment
from ui import narrowing, view

MOST: Final = 60
"""Scans that are drawn: the latest."""

HEIGHT: Final = 280
AXIS: Final = {"labelAngle": 0, "labelOverlap": True}
LEGEND: Final = {"orient": "top", "symbolStrokeWidth": 0}
TWO_LINES: Final = {"labelExpr": "split(datum.label, '|')"}
SERIES: Final[Mapping[str, Mapping[str, str]]] = {
    "Records and customers": {"records": "Source records", "customers": "Customers"},
    "What needs a person": {"waiting": "Pairs waiting", "set_aside": "Records set aside"},
}
QUALITY: Final = ("street", "postcode", "phone", "email", "vat")
"""Attributes whose usable share is drawn, as far as any system delivers them."""

AGES: Final = (
    ("today", 0, 1),
    ("1 to 6 days", 1, 7),
    ("1 to 4 weeks", 7, 30),
    ("1 to 3 months", 30, 90),
    ("longer", 90, None),
)
"""How long pairs have waited: from so many days to so many."""

Values = list[dict[str, Any]]


def show(runs: Sequence[RunLine], waiting: int, since: Callable[[str], int]) -> None:
    """The charts; `since` counts the pairs that have waited since before a moment, `waiting` are all."""
    charts = [_ages(waiting, since)] if waiting else []
    if len(runs) > 1:
        drawn = list(reversed(runs[:MOST]))
        charts += [_lines(title, _numbers(drawn, series)) for title, series in SERIES.items()]
        shares = _shares(drawn)
        charts += [_lines("Data quality: values that can be used", shares, percent=True)] if shares else []
    for row in range(0, len(charts), 2):
        for column, chart in zip(st.columns(2), charts[row : row + 2], strict=False):
            with column:
                st.vega_lite_chart(chart, width="stretch", height=HEIGHT)
    if len(runs) < 2:
        step = "Run mdm scan when the files have changed: from the second scan on, trends are drawn here."
        view.show(view.notice("One scan so far, so there is no trend yet.", step), key="trend_empty")


def _numbers(runs: Sequence[RunLine], series: Mapping[str, str]) -> Values:
    return [_value(run, label, getattr(run, name)) for run in runs for name, label in series.items()]


def _shares(runs: Sequence[RunLine]) -> Values:
    """The usable share of each attribute at the scans that counted it: none of an older version did."""
    return [
        _value(run, LABELS.get(name, name), round(run.usable[name], 4))
        for run in runs
        for name in QUALITY
        if run.usable.get(name)
    ]


def _value(run: RunLine, what: str, number: float) -> dict[str, Any]:
    return {"scan": f"{run.revision}", "at": moment(run.finished_at), "what": what, "number": number}


def _lines(title: str, values: Values, *, percent: bool = False) -> dict[str, Any]:
    """Lines told apart by their dashes and marks too, not by colour alone."""
    what = {"field": "what", "type": "nominal", "title": None}
    form = {"format": ".0%"} if percent else {"format": ",d", "tickMinStep": 1}
    scale = {"zero": not percent, "nice": True}
    return _titled(title, values) | {
        "mark": {"type": "line", "point": {"size": 50}},
        "encoding": {
            "x": {"field": "scan", "type": "ordinal", "title": "Revision of the scan", "sort": None, "axis": AXIS},
            "y": {"field": "number", "type": "quantitative", "title": None, "axis": form, "scale": scale},
            "color": what | {"legend": LEGEND},
            "strokeDash": what | {"legend": None},
            "shape": what,
            "tooltip": [{"field": name, "type": "nominal"} for name in ("at", "what", "number")],
        },
    }


def _ages(waiting: int, since: Callable[[str], int]) -> dict[str, Any]:
    """Bars: how many pairs have waited how long; the number stands below its bar, in the colour of the theme."""
    longer = {days: since(narrowing.days_ago(days)) for _, days, _ in AGES if days} | {0: waiting}
    counted = [(label, longer[low] - (0 if high is None else longer[high])) for label, low, high in AGES]
    values: Values = [{"age": label, "number": n, "bar": f"{label}|{n:,}"} for label, n in counted]
    title = "How long pairs have waited"
    encoding = {
        "x": {"field": "bar", "type": "nominal", "title": None, "sort": None, "axis": AXIS | TWO_LINES},
        "y": {"field": "number", "type": "quantitative", "title": None, "axis": {"format": ",d", "tickMinStep": 1}},
        "tooltip": [{"field": name, "type": "nominal"} for name in ("age", "number")],
    }
    told = ", ".join(f"{label}: {n:,}" for label, n in counted)
    return _titled(title, values) | {"description": f"{title}. {told}", "encoding": encoding, "mark": "bar"}


def _titled(title: str, values: Values) -> dict[str, Any]:
    described = f"{title}, scan {values[0]['scan']} to {values[-1]['scan']}" if "scan" in values[0] else title
    return {
        "title": {"text": title, "anchor": "start", "fontSize": 14},
        "description": described,
        "data": {"values": values},
    }
