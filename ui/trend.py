"""How records, customers and waiting pairs moved from scan to scan, as two charts that read in both themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from mdm.app.desk import RunLine, moment
from ui import view

MOST: Final = 60
"""Scans that are drawn: the latest."""

AXIS: Final = {"labelAngle": 0, "labelOverlap": True}
SERIES: Final[Mapping[str, Mapping[str, str]]] = {
    "Records and customers": {"records": "Source records", "customers": "Customers"},
    "What needs a person": {"waiting": "Pairs waiting", "set_aside": "Records set aside"},
}


def show(runs: Sequence[RunLine]) -> None:
    """The trend; the page of scans has the same numbers as text."""
    if len(runs) < 2:
        step = "Run mdm scan when the files have changed: from the second scan on, the trend is drawn here."
        view.show(view.notice("One scan so far, so there is no trend yet.", step), key="trend_empty")
        return
    drawn = list(reversed(runs[:MOST]))
    for column, (title, series) in zip(st.columns(len(SERIES)), SERIES.items(), strict=True):
        values = [
            {"scan": f"{run.revision}", "at": moment(run.finished_at), "what": label, "number": getattr(run, name)}
            for run in drawn
            for name, label in series.items()
        ]
        with column:
            st.vega_lite_chart(_chart(title, values), width="stretch", height=280)


def _chart(title: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    """Lines told apart by their dashes and marks too, not by colour alone."""
    what = {"field": "what", "type": "nominal", "title": None}
    first, last = values[0], values[-1]
    return {
        "title": {"text": title, "anchor": "start", "fontSize": 14},
        "description": f"{title}, scan {first['scan']} to {last['scan']}",
        "data": {"values": values},
        "mark": {"type": "line", "point": {"size": 50}},
        "encoding": {
            "x": {"field": "scan", "type": "ordinal", "title": "Revision of the scan", "sort": None, "axis": AXIS},
            "y": {"field": "number", "type": "quantitative", "title": None, "axis": {"format": ",d", "tickMinStep": 1}},
            "color": what | {"legend": {"orient": "top"}},
            "strokeDash": what | {"legend": None},
            "shape": what,
            "tooltip": [{"field": name, "type": "nominal"} for name in ("at", "what", "number")],
        },
    }
