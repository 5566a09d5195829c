"""What a plan rests on, and in words what of it has changed since the plan was shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from mdm.app.groundwork import Ground, Senses
from mdm.app.hashes import hash_table
from mdm.app.manifest import content_hash, engine_versions
from mdm.app.project import Project
from mdm.records import CROSSWALK
from mdm.store import Store


class Standpoint(BaseModel):
    """Where a store stood: the last revision that changed customers, the last master id's number, the last decision;
    and a hash of the pins.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    store_id: str
    state: int
    issued: int
    decisions: int
    pins: str


class Basis(BaseModel):
    """All that a plan follows from: the files by their SHA-256, the rules, the model, what computed, the store."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: dict[str, str]
    rules: str
    model: str
    engines: dict[str, str]
    store: Standpoint


def standpoint(store: Store, decisions: int) -> Standpoint:
    """Where the store stands now, as far as it was read to its decision of that number."""
    return Standpoint(
        store_id=store.store_id,
        state=store.state_revision(),
        issued=store.last_issued(),
        decisions=decisions,
        pins=hash_table(store.read_pins().select(list(CROSSWALK)), key=["system", "key"]),
    )


def basis_of(project: Project, ground: Ground, stood: Standpoint) -> Basis:
    """What a plan made of this ground rests on."""
    return Basis(
        files={facts.path: facts.sha256 for _, facts in sorted(ground.inputs.files, key=lambda file: file[1].path)},
        rules=content_hash(project.rulebook),
        model=project.model.digest,
        engines=dict(engine_versions()),
        store=stood,
    )


def outdated(basis: Basis, project: Project, store: Store, senses: Senses) -> list[str]:
    """What is no longer as it was, one clause for each; decisions are looked at elsewhere, customer by customer."""
    return [*_files(basis, project.folder, senses), *_rules(basis, project), *_store(basis.store, store)]


def _files(basis: Basis, folder: Path, senses: Senses) -> Iterator[str]:
    for path, digest in basis.files.items():
        try:
            if senses.fingerprint(folder / path) != digest:
                yield f"the file {path} has changed"
        except OSError:
            yield f"the file {path} cannot be read any more"


def _rules(basis: Basis, project: Project) -> Iterator[str]:
    if content_hash(project.rulebook) != basis.rules:
        yield "the rules have changed"
    if project.model.digest != basis.model:
        yield "the match model has changed"
    if engine_versions() != basis.engines:
        yield "mdm or a library it computes with was replaced by another version"


def _store(stood: Standpoint, store: Store) -> Iterator[str]:
    now = standpoint(store, stood.decisions)
    if now.store_id != stood.store_id:
        yield "the project has another store"
    elif now.state != stood.state:
        yield "customers were changed since, by a scan or a steward"
    elif now.issued != stood.issued:
        yield "master ids that it would give out were used up since"
    elif now.pins != stood.pins:
        yield "records were pinned to master ids since, or set free"
