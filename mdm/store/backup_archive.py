"""A backup as a file: one Parquet for each table, and a sealed manifest that says what is in it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from mdm.errors import InputRefused
from mdm.records import TableSchema, empty
from mdm.store.audit_anchor import KEY_LOST
from mdm.store.audit_chain import commitment

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
LARGEST_MANIFEST: Final = 1_000_000
OWNER_ONLY: Final = 0o600
NOT_OURS: Final = "Take another file; a backup is made by mdm backup."


@dataclass(frozen=True, slots=True)
class Contents:
    """A table in a backup: how many rows it has, and the SHA-256 of its Parquet."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup is of: the store, its schema and revision, the highest number of a master id, the audit's end."""

    made_at: str
    store_id: str
    schema: str
    revision: int
    issued: int
    audit_rows: int
    audit_head: str
    tables: Mapping[str, Contents]
    format: int = FORMAT


class Packer:
    """A backup that is being written, each table streamed into a Parquet of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.tables: dict[str, Contents] = {}

    def pack(self, name: str, schema: TableSchema, parts: Iterator[pl.DataFrame]) -> None:
        path, rows = self._folder / f"{name}.parquet", 0
        arrow = empty(schema).to_arrow().schema
        with parquet.ParquetWriter(path, arrow, compression="zstd") as writer:
            for part in parts:
                writer.write_table(part.to_arrow().cast(arrow))
                rows += part.height
        self.tables[name] = Contents(rows, _sha256(path))

    def finish(self, manifest: Manifest, key: bytes, into: Path) -> None:
        """The whole backup under its name, or nothing. For its owner's eyes only: it holds personal data."""
        said = asdict(manifest)
        part = into.with_name(f"{into.name}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for name in self.tables:
                    archive.write(self._folder / f"{name}.parquet", f"{name}.parquet")
                archive.writestr(MANIFEST, json.dumps({**said, "seal": commitment(key, said)}, indent=1))
            file.flush()
            os.fsync(file.fileno())
        part.replace(into)


@contextmanager
def packing(into: Path) -> Iterator[Packer]:
    """Pack in a folder beside the backup, where there must be room for it anyway."""
    with TemporaryDirectory(prefix=".mdm-backup-", dir=into.parent) as folder:
        yield Packer(Path(folder))


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A backup whose every table fits its manifest, and whose manifest fits the key."""

    manifest: Manifest
    folder: Path

    def parts(self, name: str) -> Iterator[pl.DataFrame]:
        """The rows of a table, piece by piece, in the order in which they were packed."""
        with parquet.ParquetFile(self.folder / f"{name}.parquet") as file:
            for group in range(file.num_row_groups):
                yield _frame(file.read_row_group(group))


def _frame(table: pa.Table) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(table))


@contextmanager
def unpacked(path: Path, key: bytes) -> Iterator[Unpacked]:
    """The backup in that file, checked byte by byte before anything is made of it.

    Raises InputRefused for a file that is no backup, is damaged, was changed, or was made with another key.
    """
    with TemporaryDirectory(prefix="mdm-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                manifest = _manifest(archive, path, key)
                for name, contents in manifest.tables.items():
                    _extract(archive, name, contents, Path(folder))
        except (zipfile.BadZipFile, KeyError, EOFError) as error:
            raise InputRefused(f"{path} is no backup, or is damaged.", NOT_OURS) from error
        yield Unpacked(manifest, Path(folder))


def _manifest(archive: zipfile.ZipFile, path: Path, key: bytes) -> Manifest:
    try:
        with archive.open(MANIFEST) as file:
            said: dict[str, Any] = json.loads(file.read(LARGEST_MANIFEST))
        sealed = str(said.pop("seal"))
        tables = {str(name): Contents(int(t["rows"]), str(t["sha256"])) for name, t in said["tables"].items()}
        manifest = Manifest(**{**said, "tables": tables})
    except (ValueError, TypeError, AttributeError) as error:
        raise InputRefused(f"{path} is no backup, or is damaged.", NOT_OURS) from error
    if manifest.format != FORMAT:
        raise InputRefused(f"{path} is a backup of format {manifest.format}, known here is {FORMAT}.", "Update mdm.")
    if not hmac.compare_digest(commitment(key, said), sealed):
        raise InputRefused(f"Backup {path} was changed, or made with another audit key.", KEY_LOST)
    return manifest


def _extract(archive: zipfile.ZipFile, name: str, contents: Contents, folder: Path) -> None:
    path = folder / f"{name}.parquet"
    with archive.open(path.name) as packed, path.open("wb") as file:
        shutil.copyfileobj(packed, file)
    if _sha256(path) != contents.sha256:
        raise InputRefused(f"Table {name} in the backup is damaged.", "Take another backup.")


def _sha256(path: Path) -> str:
    file: BinaryIO
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
