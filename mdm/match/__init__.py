"""Find and weigh the pairs of records that may be one customer: block, compare, score with Splink, explain."""

from mdm.match.blocking import BlockCount, Blocking, find_candidates
from mdm.match.encoded import Encoded, encode_records
from mdm.match.explain import Step, reasons, steps
from mdm.match.matching import Matched, probability_of, score_candidates
from mdm.match.model import MatchModel, load_model

__all__ = [
    "BlockCount",
    "Blocking",
    "Encoded",
    "MatchModel",
    "Matched",
    "Step",
    "encode_records",
    "find_candidates",
    "load_model",
    "probability_of",
    "reasons",
    "score_candidates",
    "steps",
]
