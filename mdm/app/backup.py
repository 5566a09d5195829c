"""`mdm backup` and `mdm restore`: a project's store as one file, and back, without an id being given out twice."""

from __future__ import annotations

import tempfile
from pathlib import Path

from mdm.app.inputs import read_inputs
from mdm.app.plan_file import discard_plans
from mdm.app.project import Project
from mdm.app.published import highest_published
from mdm.errors import MdmError
from mdm.store import Manifest, Restored, Verified, Wish, restore_store


def back_up_project(project: Project, into: Path, now: str) -> Manifest:
    """Write the project's store into a file, while stewards and scans work on."""
    with project.open_scanned_store() as store:
        return store.back_up(into, now)


def restore_project(project: Project, backup: Path, wish: Wish) -> tuple[Restored, Verified, str]:
    """Bring a backup back as the project's store and verify it.

    The master ids in the systems' extracts are looked up, so that none is given out again; the text says why not, where
    the extracts cannot be read. The next scan looks again. A plan that waited is gone, also where the restore is
    refused: on another past its numbers of revisions and decisions could mean something else.
    """
    published, why_not = _published(project)
    known = Wish(actor=wish.actor, at=wish.at, replaces=wish.replaces, published=published)
    discard_plans(project.folder)
    restored = restore_store(project.store_url, backup, known, project.keeper)
    with project.open_store() as store:
        return restored, store.verify(), why_not


def _published(project: Project) -> tuple[int, str]:
    try:
        with tempfile.TemporaryDirectory(prefix="mdm-") as scratch:
            inputs = read_inputs(project.rulebook, project.folder, Path(scratch))
        return highest_published(inputs.current, project.rulebook.publish, 0), ""
    except MdmError as error:
        return 0, str(error)
