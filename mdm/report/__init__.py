"""Reports: what a run found, as one page worth showing and as lines for a terminal."""

from mdm.report.examples import Choice, build_examples, choose_examples, choose_review_pairs
from mdm.report.facts import (
    SET_ASIDE,
    Example,
    ExampleLink,
    ExampleRecord,
    Figures,
    Guard,
    InputFile,
    Missed,
    ReportFacts,
    RuleCount,
    Score,
    StageTime,
)
from mdm.report.figures import count_figures
from mdm.report.page import render_report
from mdm.report.quality import usable_shares
from mdm.report.text import plain_summary
from mdm.report.weights import CurvePoint, WeightRow, Weights
from mdm.report.words import probability, tell_missed

__all__ = [
    "SET_ASIDE",
    "Choice",
    "CurvePoint",
    "Example",
    "ExampleLink",
    "ExampleRecord",
    "Figures",
    "Guard",
    "InputFile",
    "Missed",
    "ReportFacts",
    "RuleCount",
    "Score",
    "StageTime",
    "WeightRow",
    "Weights",
    "build_examples",
    "choose_examples",
    "choose_review_pairs",
    "count_figures",
    "plain_summary",
    "probability",
    "render_report",
    "tell_missed",
    "usable_shares",
]
