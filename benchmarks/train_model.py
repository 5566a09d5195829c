"""Train the shipped match model on labelled sets and generated customers: `python benchmarks/train_model.py`.

For each set the candidate pairs and their levels are computed as in any run. A logistic model with one weight a level
is fitted to all of them, each set counting the same; higher levels never weigh less than lower ones. Its weights
become m and u of the Fellegi-Sunter form: log2(m / u) of each level is the fitted weight, and both add up to one.
`--leave-out NAME` fits without a set, to see what the model is worth on data it was not fitted to.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from labelled_sets import SETS, LabelledSet, read_project, read_set
from scipy.optimize import brentq, minimize

from mdm.match import compare as levels_of
from mdm.match import encode_records, find_candidates
from mdm.match.model import SHIPPED

LABELS = levels_of.LEVEL_LABELS
PAIRS_A_SET = 50_000
RIDGE = 3.0
STRONGEST = 12.0
EXPERT: dict[str, tuple[float, ...]] = {
    "name": (-6, -3, -1.5, 0, 1, 1.5, 3, 3, 5.5, 7),
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


def design(pairs: Pairs, keep: np.ndarray) -> np.ndarray:
    """Cumulative indicators: for each comparison 'known', then 'at least level 1', 'at least level 2', …."""
    columns = [
        (pairs.levels[name][keep] >= level).astype(np.float64)
        for name, labels in LABELS.items()
        for level in range(len(labels))
    ]
    return np.stack([*columns, np.ones(int(keep.sum()))], axis=1)


def fit(sets: list[Pairs], *, people: bool) -> tuple[np.ndarray, float]:
    """Weights in bits by (comparison, level), and the weight of the prior."""
    parts = [(design(p, p.people == people), p.match[p.people == people]) for p in sets]
    parts = [(x, y) for x, y in parts if y.sum() >= 20]
    x = np.concatenate([x for x, _ in parts])
    y = np.concatenate([y for _, y in parts]).astype(np.float64)
    w = np.concatenate([np.full(len(y), PAIRS_A_SET / len(y)) for _, y in parts])
    expert = _steps_of_expert()
    steps = np.array([level > 0 for labels in LABELS.values() for level in range(len(labels))] + [False])

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        s = x @ b
        gradient = x.T @ (w * (1 / (1 + np.exp(-s)) - y))
        away = np.append(b[:-1] - expert, 0.0)
        return float(w @ (np.logaddexp(0, s) - y * s) + RIDGE * away @ away / 2), gradient + RIDGE * away

    bounds = [(0, None) if step else (None, None) for step in steps]
    b = minimize(loss, np.append(expert, 0.0), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}).x
    bits = b / np.log(2)
    weights, at = [], 0
    for name, labels in LABELS.items():
        found = np.clip(np.cumsum(bits[at : at + len(labels)]), -STRONGEST, STRONGEST)
        weights.append(np.maximum(found, AT_LEAST.get(name, -STRONGEST)))
        at += len(labels)
    return np.concatenate(weights), float(bits[-1])


def _steps_of_expert() -> np.ndarray:
    """The expert's weights as the model's own parameters: the lowest level, then the step to each next one, in nats."""
    return np.concatenate([np.diff(np.array(EXPERT[name]), prepend=0.0) for name in LABELS]) * np.log(2)


def shares(weights: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """M and u with log2(m / u) = weight and both adding up to one, m as near as can be to the shares seen."""
    w = weights.copy()
    if w.max() <= 0.02:
        w[-1] = 0.05
    if w.min() >= -0.02:
        w[0] = -0.05
    odds = 2.0**-w
    base = (seen + 0.5) / (seen + 0.5).sum()

    def tilted(k: float) -> np.ndarray:
        m = base * np.exp(k * (w - w.max() if k > 0 else w - w.min()))
        return m / m.sum()

    k = brentq(lambda k: float(tilted(k) @ odds - 1), -400, 400)
    m = np.maximum(tilted(k), 2e-6)
    u = np.maximum(m * odds, 2e-6)
    return m / m.sum(), u / u.sum()


def population(sets: list[Pairs], *, people: bool) -> dict[str, object]:
    """One population of the model."""
    weights, prior = fit(sets, people=people)
    comparisons, at = [], 0
    for name, labels in LABELS.items():
        seen = np.zeros(len(labels))
        for p in sets:
            chosen = p.levels[name][(p.people == people) & p.match]
            known = chosen[chosen >= 0]
            if len(known):
                seen += np.bincount(known, minlength=len(labels)) / len(known)
        m, u = shares(weights[at : at + len(labels)], seen * 100)
        comparisons.append(
            {
                "name": name,
                "levels": [
                    {"level": i, "label": label, "m": round(float(m[i]), 9), "u": round(float(u[i]), 9)}
                    for i, label in enumerate(labels)
                ],
            }
        )
        at += len(labels)
    return {"prior": round(float(1 / (1 + 2.0**-prior)), 6), "comparisons": comparisons}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--leave-out", action="append", default=[])
    p.add_argument("--generated", type=Path, action="append", default=[], help="a generated project with truth.csv")
    p.add_argument("--out", type=Path, default=SHIPPED)
    a = p.parse_args()
    sets = [pairs_of(read_set(n)) for n in SETS if n not in a.leave_out]
    sets += [pairs_of(read_project(folder)) for folder in a.generated]
    for s in sets:
        print(f"{s.name:<28}{len(s.match):>9,} pairs{s.match.sum():>9,} matches, blocking recall {s.recall:.4f}")
    model = json.loads(SHIPPED.read_text())
    model |= {"organisation": population(sets, people=False), "person": population(sets, people=True)}
    a.out.write_text(json.dumps(model, indent=1) + "\n")


if __name__ == "__main__":
    main()
