"""What stewards decide: the decisions that stand, what follows from them, and what contradicts them."""

from mdm.steward.decisions import Answer, Decision, Said, ordered, refuse_contradiction, standing, what_decides

__all__ = ["Answer", "Decision", "Said", "ordered", "refuse_contradiction", "standing", "what_decides"]
