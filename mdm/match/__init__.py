"""Find and weigh the pairs of records that may be one customer: block, compare, score with Splink, explain."""

from mdm.match.asking import WeighedPairs, worth_asking
from mdm.match.blocking import BlockCount, Blocking, find_candidates
from mdm.match.encoded import Encoded, encode_records
from mdm.match.explain import Agreement, Step, agreements, reasons, steps
from mdm.match.explain_pair import ComparedPair, SharedKey, compare_pair, compared_values, heaviest
from mdm.match.learning import Answers, Learnt, learn_model, teaches
from mdm.match.matching import Matched, probability_of, score_candidates, thresholds, weigh_pairs
from mdm.match.model import MatchModel, load_model

__all__ = [
    "Agreement",
    "Answers",
    "BlockCount",
    "Blocking",
    "ComparedPair",
    "Encoded",
    "Learnt",
    "MatchModel",
    "Matched",
    "SharedKey",
    "Step",
    "WeighedPairs",
    "agreements",
    "compare_pair",
    "compared_values",
    "encode_records",
    "find_candidates",
    "heaviest",
    "learn_model",
    "load_model",
    "probability_of",
    "reasons",
    "score_candidates",
    "steps",
    "teaches",
    "thresholds",
    "weigh_pairs",
    "worth_asking",
]
