"""Renders the report of a run: one HTML page that needs nothing else, in no place and at no time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from mdm.records import empty
from mdm.report import curve, layout, words
from mdm.report.facts import SET_ASIDE
from mdm.report.visible import visible

if TYPE_CHECKING:
    from mdm.report.facts import ReportFacts


def render_report(facts: ReportFacts) -> str:
    """The report as one HTML page: no script, no request, light and dark, on paper too.

    Every value is escaped, and what it hides is shown (`visible`), whoever wrote it. Equal facts give equal pages.
    """
    template = _environment().get_template("page.html.j2")
    return template.render(
        facts=facts,
        figures=facts.figures,
        overlap=layout.overlap(facts.figures),
        quality=layout.quality(facts.figures),
        sizes=layout.sizes(facts.figures),
        set_aside=empty(SET_ASIDE) if facts.set_aside is None else facts.set_aside,
    )


def _environment() -> Environment:
    pages = Environment(
        loader=PackageLoader("mdm.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Every value on its way into the page, so that no template can forget it; escaping follows.
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    pages.filters |= {
        "number": words.number,
        "percent": words.percent,
        "moment": words.moment,
        "probability": words.probability,
        "seconds": words.seconds,
    }
    pages.globals |= {
        "bar": layout.bar,
        "counted": words.counted,
        "plot": curve.plot,
        "sentences": words.sentences,
        "together": layout.together,
        "tell_missed": words.tell_missed,
        "attributes": layout.ATTRIBUTES,
    }
    return pages
