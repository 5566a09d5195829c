"""The little world of the machine: nine records in three systems, what each can say, and how its pairs weigh."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from mdm.app.inputs import Inputs
from mdm.app.pipeline import Linked
from mdm.app.project import Project
from mdm.app.targets import complete_targets
from mdm.match import Blocking, Encoded, Matched, MatchModel, Refined, encode_records, load_model, probability_of
from mdm.match.encode_persons import PersonCodes
from mdm.match.two_scripts import TwoScripts
from mdm.match.words import Vocabulary
from mdm.publish import CURRENT
from mdm.records import CANDIDATES, GOLDEN_ATTRIBUTES, LINKS, MAPPED, QUARANTINE, SystemName, conform, empty
from mdm.rulebook import (
    AttributeRule,
    ProjectRules,
    PublishRules,
    Rulebook,
    SourceRules,
    SurvivorshipRules,
    TargetRules,
)
from mdm.rulebook.stages import StandardiseRules
from mdm.sources import FileFacts, Landed
from mdm.standardise import standardise

Key = tuple[str, str]
Pair = tuple[Key, Key]
Place = tuple[str, str, str]
"""A field of a record in its system."""

SYSTEMS: Final = ("crm", "erp", "xls")
KEYS: Final[list[Key]] = [(system, key) for system in SYSTEMS for key in ("1", "2", "3")]
PAIRS: Final[list[Pair]] = list(combinations(KEYS, 2))
BODIES: Final = (0, 1, 2)

JOINS, ASKS, DIFFERS = 9_000_000, 3_000_000, -9_000_000
"""Weights that link a pair, that put it before a person, and that tell it apart."""

ID_FIELD, NAME_FIELD = "MDM_ID", "Name"


def said(key: Key, body: int) -> dict[str, Any]:
    """What a record says in each of its versions: every value names the record, some are missing."""
    system, number = key
    own = f"{system.upper()} {number}{'abc'[body]}"
    return {
        "name": f"Firma {own}" if body != 2 else None,
        "legal_name": f"Firma {own} GmbH" if body == 2 else None,
        "city": f"Ort {own}" if body != 1 else None,
        "postcode": "53111" if body == 0 else None,
        "phone": [f"+49 228 55{number}{body}7{SYSTEMS.index(system)}1"] if body != 2 else [],
        "changed_at": changed(key, body),
    }


def changed(key: Key, body: int) -> str | None:
    """When a version of a record was made, as far as it says."""
    return (None, "2026-01-01", "2026-02-01")[(body + int(key[1])) % 3]


@dataclass
class World:
    """What the systems hold and what is known of pairs just now. `aside` are records whose row cannot be read.

    `trusted` are the systems whose records a person lets go back in time.
    """

    extract: dict[Key, int] = field(default_factory=dict)
    aside: set[Key] = field(default_factory=set)
    weights: dict[Pair, int] = field(default_factory=dict)
    told: dict[Place, str] = field(default_factory=dict)
    turned: bool = False
    trusted: frozenset[str] = frozenset()

    def copy(self) -> World:
        """The same as it is now, whatever comes."""
        known = (dict(self.extract), set(self.aside), dict(self.weights), dict(self.told))
        return World(*known, self.turned, self.trusted)

    @property
    def readable(self) -> dict[Key, int]:
        return {key: body for key, body in self.extract.items() if key not in self.aside}


@cache
def rules() -> Rulebook:
    """One system also takes the golden name. What no record here says is chosen together: that is quicker."""
    groups: list[tuple[str, ...]] = [("postcode", "city"), ("name",), ("legal_name",), ("phone",)]
    groups.append(tuple(a for a in GOLDEN_ATTRIBUTES if not any(a in group for group in groups)))
    sources = tuple(SourceRules(system=SystemName(s), path=f"{s}.csv", key="Id") for s in SYSTEMS)
    named = TargetRules(system=SystemName("crm"), crosswalk_field=ID_FIELD, allow={"name": NAME_FIELD})
    return Rulebook(
        sources=sources,
        survivorship=SurvivorshipRules(
            attributes=tuple(AttributeRule(attributes=a, rules=("most_frequent", "most_recent")) for a in groups)
        ),
        publish=complete_targets(PublishRules(targets=(named,)), sources),
    )


@cache
def model() -> MatchModel:
    return load_model()


def project_in(folder: Path, url: str) -> Project:
    return Project(folder, ProjectRules(), rules(), model(), url, None)


@cache
def universe() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every version of every record, as MAPPED and as STANDARD: what a scan works out for each alone."""
    rows = [
        dict.fromkeys(MAPPED) | {"system": key[0], "key": f"{key[1]}/{body}", "row_hash": str(body)} | said(key, body)
        for key in KEYS
        for body in BODIES
    ]
    mapped = conform(pl.DataFrame(rows, schema=dict(MAPPED)), MAPPED, "mapped").sort("system", "key")
    standard = standardise(mapped, StandardiseRules(), {})
    key = pl.col("key").str.split("/").list.first()
    return mapped.with_columns(key=key), standard.with_columns(key=key)


def read(world: World) -> Inputs:
    """What a reader of the files would give."""
    mapped, _ = universe()
    wanted = pl.DataFrame(
        [(*key, str(body)) for key, body in world.readable.items()], schema=["system", "key", "row_hash"], orient="row"
    ).cast(pl.String)
    aside = [(s, f"{s}.csv", 1, k, None, "too many fields", "x;y") for s, k in sorted(world.aside)]
    landed = tuple(_landed(system, world) for system in SYSTEMS)
    current = [(*place, value) for place, value in world.told.items() if place[:2] in world.readable]
    return Inputs(
        mapped=mapped.join(wanted, on=wanted.columns, how="semi").sort("system", "key"),
        current=pl.DataFrame(current, schema=dict(CURRENT), orient="row"),
        quarantine=pl.DataFrame(aside, schema=dict(QUARANTINE), orient="row"),
        files=tuple((one.system, one.files[0]) for one in landed),
        sources=rules().sources,
        landed=landed,
    )


def print_of(world: World, system: str) -> str:
    """What the file of a system has in it, in place of its SHA-256."""
    rows = [
        (
            key,
            body,
            key in world.aside,
            sorted((place[2], told) for place, told in world.told.items() if place[:2] == key),
        )
        for key, body in sorted(world.extract.items())
        if key[0] == system
    ]
    return repr(rows)


def _landed(system: str, world: World) -> Landed:
    loaded = sum(s == system for s, _ in world.readable)
    aside = sum(s == system for s, _ in world.aside)
    counts = {"rows_in": loaded + aside, "loaded": loaded, "unchanged": 0, "quarantined": aside}
    facts = FileFacts(f"{system}.csv", system, "csv", print_of(world, system), 0, "utf-8", ",", **counts)
    nothing = pl.DataFrame()
    return Landed(system, Path(f"{system}.parquet"), (), nothing, empty(QUARANTINE), (facts,), counts)


def link(world: World, inputs: Inputs) -> Linked:
    """What matching would find: the weights of the world, in one order or in the opposite one."""
    standard = (
        universe()[1]
        .drop("rid")
        .join(inputs.mapped.select("system", "key", "row_hash"), on=["system", "key", "row_hash"], how="semi")
    )
    standard = standard.sort("system", "key").with_row_index("rid").with_columns(pl.col("rid").cast(pl.Int32))
    standard = standard.select(universe()[1].columns)
    rid = {(s, k): n for n, s, k in standard.select("rid", "system", "key").iter_rows()}
    rows = [(rid[a], rid[b], weight) for (a, b), weight in sorted(world.weights.items()) if a in rid and b in rid]
    pairs = pl.DataFrame(rows, schema={"left": pl.Int32, "right": pl.Int32, "weight": pl.Int64}, orient="row")
    if world.turned:
        pairs = pairs.reverse()
    band = pl.when(pl.col("weight") == JOINS).then(pl.lit("auto"))
    levels = [[0] * len(model().organisation.comparisons)] * pairs.height
    links = pairs.with_columns(
        probability=pl.Series(probability_of(pairs["weight"].to_numpy())),
        band=band.otherwise(pl.lit("review")),
        veto=pl.lit(False),
        levels=pl.Series(levels, dtype=pl.List(pl.Int8)),
    ).filter(pl.col("weight") >= ASKS)
    evidence = pairs.with_columns(band=band.otherwise(pl.lit("no")))
    matched = Matched(Refined(model(), ()), conform(links, LINKS, "links"), evidence, pairs.height, 0)
    return Linked(inputs, standard, _encoded(list(rid)), Blocking(empty(CANDIDATES), ()), matched)


@cache
def _all_encoded() -> Encoded:
    standard = universe()[1].filter(pl.col("row_hash") == "0").drop("rid").with_row_index("rid")
    return encode_records(standard.with_columns(pl.col("rid").cast(pl.Int32)))


def _encoded(keys: list[Key]) -> Encoded:
    """The codes of these records: of all nine those rows, since nobody here has a parent and weights are given."""
    whole, rows = _all_encoded(), np.array([KEYS.index(key) for key in keys], dtype=np.int64)
    parts: dict[str, Any] = {"size": len(rows)}
    for name in (f.name for f in fields(Encoded) if f.name != "size"):
        value = getattr(whole, name)
        if isinstance(value, np.ndarray):
            parts[name] = value[rows]
        elif isinstance(value, PersonCodes):
            parts[name] = value.of(rows)
        elif isinstance(value, TwoScripts | Vocabulary):
            parts[name] = value  # by the codes of names or words, which all records share
        else:
            parts[name] = replace(value, codes=value.codes[rows])
    return Encoded(**parts)
