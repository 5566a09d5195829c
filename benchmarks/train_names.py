"""Learn how alike names are from the labelled sets: `python benchmarks/train_names.py --generated DIR`.

A logistic model of the name evidence (broken lines, each monotone) beside the levels of all other comparisons, so that
a name is not paid for what the address says; only the lines of the name are kept, in mdm/match/models/names.json.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
from labelled_sets import LabelledSet, read_training
from scipy.optimize import minimize

from mdm.match import compare as levels_of
from mdm.match import encode_records, find_candidates
from mdm.match.compare_names import compare_names
from mdm.match.likeness import SHIPPED

KNOTS: dict[str, tuple[int, ...]] = {
    "lower": (0, 200, 400, 600, 800, 930, 1000),
    "higher": (0, 400, 600, 800, 930, 1000),
    "surplus": (-12_000, -6_000, -3_000, 0, 3_000, 6_000, 12_000, 24_000),
    "joined": (400, 600, 700, 800, 900, 1000),
    "start": (0, 2, 4, 6, 10, 20),
    "fewer": (0, 2_000, 5_000, 10_000, 20_000),
    "more": (0, 2_000, 5_000, 10_000, 20_000, 40_000),
}
FALLING = {"fewer", "more"}
PAIRS_A_SET = 50_000
RIDGE = 20.0
CAP = 50
SLICE = 100_000


def evidence_of(data: LabelledSet) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Of the pairs whose names are known: the name evidence, indicators of all other levels, whether they match."""
    encoded = encode_records(data.standard)
    with duckdb.connect() as connection:
        found = find_candidates(encoded, connection, cap=CAP).candidates
    left, right = found["left"].to_numpy(), found["right"].to_numpy()
    names: list[dict[str, np.ndarray]] = []
    levels: list[dict[str, np.ndarray]] = []
    for at in range(0, len(left), SLICE):
        a, b = left[at : at + SLICE], right[at : at + SLICE]
        one = compare_names(encoded, a, b)
        names.append({k: getattr(one, k) for k in (*KNOTS, "missing")})
        levels.append(levels_of.compare(encoded, a, b))
    name = {k: np.concatenate([n[k] for n in names]) for k in names[0]}
    known = ~name.pop("missing") & ~(encoded.person[left] & encoded.person[right])
    others = np.stack(
        [
            np.concatenate([x[k] for x in levels])[known] >= level
            for k, labels in levels_of.FIRM_LABELS.items()
            if k != "name"
            for level in range(len(labels))
        ],
        axis=1,
    )
    match = data.entity[left] == data.entity[right]
    return {k: v[known] for k, v in name.items()}, others.astype(np.float32), match[known]


def broken_line(values: np.ndarray, knots: tuple[int, ...]) -> np.ndarray:
    """The share of the way from each knot to the next."""
    return np.stack([np.clip(values - low, 0, high - low) / (high - low) for low, high in pairwise(knots)], axis=1)


def learn(parts: list[tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]]) -> tuple[np.ndarray, float]:
    """The gain of each way from knot to knot, and the constant, in bits."""
    lines = [np.concatenate([broken_line(n[k], knots) for k, knots in KNOTS.items()], axis=1) for n, _, _ in parts]
    ways = lines[0].shape[1]
    x = np.concatenate(
        [np.concatenate([a, o, np.ones((len(y), 1))], axis=1) for a, (_, o, y) in zip(lines, parts, strict=True)]
    )
    y = np.concatenate([y for _, _, y in parts]).astype(np.float64)
    w = np.concatenate([np.full(len(y), PAIRS_A_SET / len(y)) for _, _, y in parts])
    signs = np.concatenate([np.full(len(knots) - 1, -1 if k in FALLING else 1) for k, knots in KNOTS.items()])

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        s = x @ b
        away = np.append(b[:-1], 0.0)
        gradient = x.T @ (w * (1 / (1 + np.exp(-s)) - y))
        return float(w @ (np.logaddexp(0, s) - y * s) + RIDGE * away @ away / 2), gradient + RIDGE * away

    bounds = [(0, None) if s > 0 else (None, 0) for s in signs] + [(None, None)] * (x.shape[1] - ways)
    b = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}).x
    return b[:ways] / np.log(2), float(b[-1] / np.log(2))


def main() -> None:
    sets, out = read_training(__doc__, SHIPPED)
    write(*learn([evidence_of(data) for data in sets]), out)


def write(gains: np.ndarray, start: float, out: Path) -> None:
    """The scale as JSON, in thousandths of a bit."""
    whole = [round(1000 * float(g)) for g in gains]
    lines, at = {}, 0
    for name, knots in KNOTS.items():
        lines[name] = [list(knots), whole[at : at + len(knots) - 1]]
        at += len(knots) - 1
    out.write_text(json.dumps({"start": round(1000 * start), "lines": lines}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
