"""Find and weigh the pairs of records that may be one customer: block, compare, score with Splink, explain."""

from mdm.match.asking import WeighedPairs, worth_asking
from mdm.match.blocking import BlockCount, Blocking, find_candidates
from mdm.match.blocking_loss import BlockingLoss, Outcome, estimate_blocking_loss
from mdm.match.calibration import expected
from mdm.match.encoded import Encoded, encode_records
from mdm.match.explain import Agreement, Step, agreements, reasons, steps
from mdm.match.explain_pair import ComparedPair, SharedKey, compare_pair, compared_values, heaviest
from mdm.match.learning import Answers, Learnt, learn_model, teaches
from mdm.match.matching import Matched, probability_of, score_candidates, thresholds, weigh_pairs
from mdm.match.model import MatchModel, load_model
from mdm.match.refine import Refined, WeighBy, keep_model, refine_model
from mdm.match.refine_guards import RefineGuard

__all__ = [
    "Agreement",
    "Answers",
    "BlockCount",
    "Blocking",
    "BlockingLoss",
    "ComparedPair",
    "Encoded",
    "Learnt",
    "MatchModel",
    "Matched",
    "Outcome",
    "RefineGuard",
    "Refined",
    "SharedKey",
    "Step",
    "WeighBy",
    "WeighedPairs",
    "agreements",
    "compare_pair",
    "compared_values",
    "encode_records",
    "estimate_blocking_loss",
    "expected",
    "find_candidates",
    "heaviest",
    "keep_model",
    "learn_model",
    "load_model",
    "probability_of",
    "reasons",
    "refine_model",
    "score_candidates",
    "steps",
    "teaches",
    "thresholds",
    "weigh_pairs",
    "worth_asking",
]
