"""Laws of a run: its result follows from the set of records, not from their order, their columns' or the threads."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.app.decided import PAIR, decide
from mdm.app.engine import open_scratch
from mdm.app.inputs import read_inputs
from mdm.app.manifest import result_hash
from mdm.app.pipeline import Engine, nothing_before, run_pipeline
from mdm.app.watch import Watch
from mdm.match import load_model
from mdm.records import SystemName
from mdm.rulebook import FileFormatRules, RoleRule, SourceRules, load_shipped
from mdm.settings import Settings

FIRMS = [("Nordlicht Maschinenbau", "Köln"), ("Falkenbach Logistik", "Bonn"), ("Sonnhalde Backwaren", "Ulm")]
FORMS = ["GmbH", "AG", "G.m.b.H.", ""]
ROLES = {"name": "Firma", "city": "Ort", "phone": "Tel"}
ENCODINGS = ["utf-8", "utf-16", "cp1252"]


def records(drawn: list[tuple[tuple[str, str], str, int]]) -> list[tuple[str, ...]]:
    """Key, name, city and telephone number of each drawn customer."""
    return [
        (f"K{n}", f"{firm} {form}".strip(), city, f"0221 55{tel}77{tel}1")
        for n, ((firm, city), form, tel) in enumerate(drawn)
    ]


DRAWN = st.tuples(st.sampled_from(FIRMS), st.sampled_from(FORMS), st.integers(0, 2))
ROWS = st.lists(DRAWN, min_size=2, max_size=12).map(records)


def run(folder: Path, rows: list[tuple[str, ...]], seed: int, threads: int) -> str:
    """The result hash of these records, written in an order, a place, an encoding and with a separator of the seed."""
    mixer = random.Random(seed)  # noqa: S311 - a seeded shuffle
    names, shuffled = ["Nr", *ROLES.values()], mixer.sample(rows, len(rows))
    order = mixer.sample(range(len(names)), len(names))
    separator, encoding = mixer.choice(";,\t|"), mixer.choice(ENCODINGS)
    lines = [separator.join(str(row[at]) for at in order) for row in [tuple(names), *shuffled]]
    path = folder / f"{mixer.randrange(10**6)}.csv"
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
    source = SourceRules(
        system=SystemName("crm"),
        path=path.name,
        format=FileFormatRules.model_validate({"encoding": encoding, "separator": separator}),
        key="Nr",
        columns={role: RoleRule(columns=(column,)) for role, column in ROLES.items()},
    )
    rulebook = load_shipped().model_copy(update={"sources": (source,)})
    inputs = read_inputs(rulebook, folder, folder / "landing")
    with open_scratch(folder, Settings(threads=threads)) as scratch:
        return result_hash(run_pipeline(inputs, rulebook, nothing_before(), Engine(scratch, load_model()), Watch()))


@settings(max_examples=4, deadline=None)
@given(rows=ROWS, seeds=st.tuples(st.integers(0, 99), st.integers(100, 199)))
def test_law_a_result_is_a_function_of_the_set_of_records(rows: list[tuple[str, ...]], seeds: tuple[int, int]) -> None:
    with TemporaryDirectory() as folder:
        one = run(Path(folder), rows, seeds[0], threads=1)
        assert run(Path(folder), rows, seeds[1], threads=2) == one


PAIRS = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda p: p[0] < p[1]), max_size=12)


def said(pairs: set[tuple[int, int]]) -> pl.DataFrame:
    rows = [("s", f"{one:02d}", "s", f"{other:02d}", f"{one}-{other}") for one, other in sorted(pairs)]
    return pl.DataFrame(rows, schema=dict.fromkeys((*PAIR, "decision_id"), pl.String()), orient="row")


def standard_of(living: set[int]) -> pl.DataFrame:
    """The records that still live, by the numbers in their keys."""
    alive = sorted(living)
    return pl.DataFrame(
        {"rid": range(len(alive)), "system": "s", "key": [f"{n:02d}" for n in alive]},
        schema_overrides={"rid": pl.Int32, "key": pl.String, "system": pl.String},
    )


def connected(pairs: set[tuple[int, int]]) -> list[set[int]]:
    groups = [{n} for n in range(12)]
    for one, other in pairs:
        first = next(g for g in groups if one in g)
        second = next(g for g in groups if other in g)
        if first is not second:
            groups.remove(second)
            first |= second
    return groups


@settings(max_examples=300, deadline=None)
@given(must=PAIRS, cannot=PAIRS, living=st.sets(st.integers(0, 11)))
def test_law_decisions_connect_the_living_as_they_connect_all(
    must: set[tuple[int, int]], cannot: set[tuple[int, int]], living: set[int]
) -> None:
    alive = sorted(living)
    decided = decide(said(must), said(cannot), standard_of(living))
    found = connected({(alive[left], alive[right]) for left, right, _ in decided.must.iter_rows()})
    wanted = [group & living for group in connected(must)]
    assert sorted(sorted(g & living) for g in found if g & living) == sorted(sorted(g) for g in wanted if g)
    apart = {frozenset((alive[left], alive[right])) for left, right, _ in decided.cannot.iter_rows()}
    assert apart >= {frozenset(pair) for pair in cannot if living.issuperset(pair)}
    for one, other in apart:
        assert any({one, other} & g and {one, other} & h for g in wanted for h in wanted if g is not h) or any(
            {one, other} <= g for g in wanted
        )


@settings(max_examples=100, deadline=None)
@given(must=PAIRS, cannot=PAIRS, living=st.sets(st.integers(0, 11)))
def test_law_the_order_of_decisions_makes_no_difference(
    must: set[tuple[int, int]], cannot: set[tuple[int, int]], living: set[int]
) -> None:
    standard = standard_of(living)
    one = decide(said(must), said(cannot), standard)
    other = decide(said(must).reverse(), said(cannot).reverse(), standard.reverse())
    assert sorted(one.must.rows()) == sorted(other.must.rows())
    assert sorted(one.cannot.rows()) == sorted(other.cannot.rows())
