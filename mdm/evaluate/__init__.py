"""How right a clustering is, measured against the truth."""

from mdm.evaluate.errors_found import WorstErrors, worst_errors
from mdm.evaluate.scores import Scores, score

__all__ = ["Scores", "WorstErrors", "score", "worst_errors"]
