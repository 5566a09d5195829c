"""Train the shipped match model on labelled sets and generated customers: `python benchmarks/train_model.py`.

For each set the candidate pairs and their levels are computed as in any run. A logistic model with one weight a level
is fitted to all of them, each set counting the same; higher levels never weigh less than lower ones. Its weights
become m and u of the Fellegi-Sunter form: log2(m / u) of each level is the fitted weight, and both add up to one.
`--leave-out NAME` fits without a set, to see what the model is worth on data it was not fitted to; `--only person` fits
one population and keeps the other, and the calibration, as they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import duckdb
import numpy as np
from labelled_sets import LabelledSet, read_chosen, training_options

from mdm.match import compare as levels_of
from mdm.match import encode_records, find_candidates
from mdm.match.calibration import Known, calibrate
from mdm.match.matching import contradicts
from mdm.match.model import SHIPPED, PopulationModel
from mdm.match.training import Answered, Weights, learn_weights, shares

PAIRS_A_SET = 50_000
RIDGE = 30.0
EXPERT: dict[str, tuple[float, ...]] = {
    "name": (-6, -5, -4, -3, -2, -1, 0, 1.3, 2.7, 3.3, 3.3, 5.5, 7),
    "other_name": (-0.5, 1, 3),
    "number": (-2, 0.3),
    "place": (-3.5, -2, 0, 2, 3.5, 5),
    "country": (-3, 0.2),
    "phone": (-1.5, 1, 4),
    "web": (-3, 1, 2.5, 5),
    "email": (-0.7, 1.5, 5),
    "identifier": (-6, 4, 4, 7),
    "legal_form": (-1, 0.2),
    "birth_date": (-6, 1, 6),
}
"""Weights in bits as an expert would set them: where the sets say little about a level, these stand."""
EXPERT_OF_PERSONS: dict[str, tuple[float, ...]] = {
    "given_name": (-5, -2.5, 0.5, 2, 2.5, 2.5, 3),
    "family_name": (-4, -1, 2, 2, 2, 3.5, 5),
    "generation": (-6, 0.5),
    "other_name": (0, 1.5, 3),
    "born": (-5, -0.5, 3, 3, 7),
    "home": (-1.5, -1, 0, 1.5, 3, 4.5),
    "country": (-2, 0.1),
    "phone": (-0.7, 1, 4),
    "email": (-0.5, 0.5, 5),
    "web": (-0.2, 0, 0.2, 1),
    "personal_number": (-7, -3, 3, 4, 3, 8),
}
AT_LEAST = {"identifier": (-12.0, 1.5, 1.5, 2.5)}
"""Bounds from below: the generated sample shares numbers within VAT groups more often than life does."""
CAP = 50


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs of one set: levels by comparison, whether both are persons, whether they match."""

    name: str
    levels: dict[str, np.ndarray]
    people: np.ndarray
    match: np.ndarray
    recall: float


def pairs_of(data: LabelledSet) -> Pairs:
    """Candidate pairs of a set, as the tool finds and compares them."""
    encoded = encode_records(data.standard)
    with duckdb.connect() as connection:
        found = find_candidates(encoded, connection, cap=CAP).candidates
    left, right = found["left"].to_numpy(), found["right"].to_numpy()
    match = data.entity[left] == data.entity[right]
    people = encoded.person[left] & encoded.person[right]
    recall = float(match.sum() / max(data.true_pairs, 1))
    return Pairs(data.name, levels_of.compare(encoded, left, right), people, match, recall)


def fit(sets: list[Pairs], *, people: bool) -> Weights:
    """Weights in bits; each set counts the same, and one with hardly a match of this kind does not count."""
    chosen = [(p, p.people == people) for p in sets]
    answers = [
        Answered(
            {name: found[keep] for name, found in p.levels.items()},
            p.match[keep],
            np.full(int(keep.sum()), PAIRS_A_SET / max(int(keep.sum()), 1)),
        )
        for p, keep in chosen
        if p.match[keep].sum() >= 20
    ]
    start = Weights(0.0, EXPERT_OF_PERSONS if people else EXPERT)
    learnt = learn_weights(answers, start, ridge=RIDGE, prior_within=np.inf)
    least = {name: AT_LEAST.get(name, (-np.inf,) * len(bits)) for name, bits in learnt.levels.items()}
    raised = {name: tuple(map(max, bits, least[name])) for name, bits in learnt.levels.items()}
    return Weights(learnt.prior, raised)


def population(sets: list[Pairs], *, people: bool) -> dict[str, object]:
    """One population of the model."""
    weights = fit(sets, people=people)
    comparisons = []
    for name, labels in (levels_of.PERSON_LABELS if people else levels_of.FIRM_LABELS).items():
        seen = np.zeros(len(labels))
        for p in sets:
            chosen = p.levels[name][(p.people == people) & p.match]
            known = chosen[chosen >= 0]
            if len(known):
                seen += np.bincount(known, minlength=len(labels)) / len(known)
        m, u = shares(np.array(weights.levels[name]), seen * 100)
        comparisons.append(
            {
                "name": name,
                "levels": [
                    {"level": i, "label": label, "m": round(float(m[i]), 9), "u": round(float(u[i]), 9)}
                    for i, label in enumerate(labels)
                ],
            }
        )
    return {"prior": round(float(1 / (1 + 2.0**-weights.prior)), 6), "comparisons": comparisons}


def calibration(sets: list[Pairs]) -> list[dict[str, float]]:
    """What weights are worth: each set is weighed by a model that was fitted to the others."""
    known = []
    for left_out in sets:
        others = [s for s in sets if s is not left_out]
        bits = np.zeros(len(left_out.match))
        for people in (False, True):
            model, chosen = PopulationModel.model_validate(population(others, people=people)), left_out.people == people
            bits[chosen] = model.prior_weight
            for c in model.comparisons:
                bits[chosen] += np.array([0.0, *(x.weight for x in c.levels)])[left_out.levels[c.name][chosen] + 1]
        links = ~contradicts(left_out.levels)  # a conflict of identifiers never joins by itself
        known.append(Known(bits[links], left_out.match[links]))
    return [point.model_dump() for point in calibrate(known)]


def main() -> None:
    p = training_options(__doc__, SHIPPED)
    p.add_argument("--only", choices=("organisation", "person"), help="fit one population, keep the other as it is")
    a = p.parse_args()
    sets = [pairs_of(data) for data in read_chosen(a)]
    for s in sets:
        print(f"{s.name:<28}{len(s.match):>9,} pairs{s.match.sum():>9,} matches, blocking recall {s.recall:.4f}")
    model = json.loads(SHIPPED.read_text())
    for kind in (a.only,) if a.only else ("organisation", "person"):
        model[kind] = population(sets, people=kind == "person")
    if a.only is None:
        model["calibration"] = calibration(sets)
    a.out.write_text(json.dumps(model, indent=1) + "\n")


if __name__ == "__main__":
    main()
