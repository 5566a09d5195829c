"""What explaining a pair reads: the pair that was asked for, its standard records, and where it must, all records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import polars as pl

from mdm.app.project import Project
from mdm.app.watch import Watch
from mdm.errors import SettingsInvalid
from mdm.match import Encoded, encode_records, heaviest
from mdm.records import RecordKey, SystemName, format_master_id, parse_master_id
from mdm.standardise import standardise
from mdm.steward import ordered
from mdm.store import Store, mapped_rows

MOST_PAIRS: Final = 10_000
RECORD: Final = ["system", "key"]


@dataclass(frozen=True, slots=True)
class Everything:
    """All records of the last scan, as it compared them."""

    standard: pl.DataFrame
    encoded: Encoded

    def rid(self, key: RecordKey) -> int:
        found = self.standard.filter((pl.col("system") == key.system) & (pl.col("key") == key.key))
        return int(found["rid"][0])


def records_asked(store: Store, text: str) -> tuple[RecordKey, ...]:
    """The record that `system:key` names, or all records of the customer that a master id names.

    Raises SettingsInvalid for text that is neither, and for a record or an id that is not there (any more).
    """
    system, colon, key = text.partition(":")
    if colon:
        asked = RecordKey(SystemName(system), key)
        if store.read_records(frame_of([asked])).is_empty():
            raise SettingsInvalid(f"There is no record {text}.", "A record is named SYSTEM:KEY, as in the crosswalk.")
        return (asked,)
    try:
        sequence = parse_master_id(text)
    except SettingsInvalid as error:
        raise SettingsInvalid(
            f"{text!r} is neither a record nor a master id.", "Name it like crm:4711 or M-000016J-D; check the typing."
        ) from error
    resolved = store.resolve(format_master_id(sequence))
    customer = store.get_customer(resolved.active) if resolved and resolved.active else None
    if customer is None:
        raise SettingsInvalid(f"No customer has the id {text} now.", "Look it up in the crosswalk of the last export.")
    return tuple(RecordKey(SystemName(m.system), m.key) for m in customer.members)


def frame_of(keys: Sequence[RecordKey]) -> pl.DataFrame:
    """Record keys as a frame of system and key."""
    return pl.DataFrame([(k.system, k.key) for k in keys], schema=RECORD, orient="row")


def pairs_between(one: Sequence[RecordKey], other: Sequence[RecordKey]) -> list[tuple[RecordKey, RecordKey]]:
    """Every pair of two different records, one of each side, in the order of their keys.

    Raises SettingsInvalid when there is none, or more than anybody would look at.
    """
    if len(one) * len(other) > MOST_PAIRS:
        raise SettingsInvalid("The two customers have too many records.", "Name a record instead: SYSTEM:KEY.")
    pairs = sorted({ordered(a, b) for a, b in product(one, other) if a != b})
    if not pairs:
        raise SettingsInvalid("Both name the same record.", "Name two records, or a record and another customer.")
    return pairs


def strongest_link(store: Store, pairs: Sequence[tuple[RecordKey, RecordKey]]) -> pl.DataFrame:
    """The heaviest stored link of these pairs, ties by record keys; no row where none is stored."""
    names = ["system_l", "key_l", "system_r", "key_r"]
    rows = [(a.system, a.key, b.system, b.key) for a, b in pairs]
    links = store.read_links_of(pl.DataFrame(rows, schema=names, orient="row"))
    return links.sort("weight", *names, descending=[True, False, False, False, False]).head(1)


def strongest_pair(
    everything: Everything, pairs: Sequence[tuple[RecordKey, RecordKey]], project: Project
) -> tuple[RecordKey, RecordKey]:
    """The pair that weighs most, the first of equal ones."""
    if len(pairs) == 1:
        return pairs[0]
    keys = sorted({key for pair in pairs for key in pair})
    mine = everything.standard.select("rid", *RECORD).join(frame_of(keys), on=RECORD, how="semi")
    rids = {(system, key): rid for rid, system, key in mine.iter_rows()}
    sides = [np.array([rids[pair[side].system, pair[side].key] for pair in pairs], dtype=np.int32) for side in (0, 1)]
    return pairs[heaviest(everything.encoded, (sides[0], sides[1]), project.model)]


def read_everything(store: Store, project: Project, watch: Watch) -> Everything:
    """Standardise and encode all records of the last scan: how rare a word is, only all of them know."""
    with watch.stage("Read the records"):
        mapped = mapped_rows(store.read_records())
    with watch.stage("Standardise"):
        standard = standardise(mapped, project.rulebook.standardise, default_countries(store, project))
    with watch.stage("Count values"):
        return Everything(standard, encode_records(standard))


def read_standard(store: Store, project: Project, pair: tuple[RecordKey, RecordKey]) -> pl.DataFrame:
    """STANDARD of the two records alone, in the order of their keys."""
    mapped = mapped_rows(store.read_records(frame_of(pair)))
    return standardise(mapped, project.rulebook.standardise, default_countries(store, project))


def default_countries(store: Store, project: Project) -> dict[str, str]:
    """The country that the rules assume for each system, also of those that share a file."""
    of_file = {s.path: s.default_country for s in project.rulebook.sources if s.default_country}
    files = store.read_input_files().select("system", "path").iter_rows()
    shared = {system: of_file[path] for system, path in files if path in of_file}
    return shared | {str(s.system): s.default_country for s in project.rulebook.sources if s.default_country}
