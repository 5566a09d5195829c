"""Keys reach the database as they are, as one parameter, whatever they are made of; and writers take turns."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mdm.errors import StoreRefused
from mdm.store import database as databases
from mdm.store.asked import asked_for
from mdm.store.database import Database, connect
from mdm.store.tables import crosswalk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
"""What a record's key may be: any text but what no database keeps."""


@pytest.fixture
def file(tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """Two programs at one SQLite file."""
    both = [connect(f"sqlite:///{tmp_path}/s.sqlite") for _ in range(2)]
    yield both[0], both[1]
    for each in both:
        each.engine.dispose()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    found = connect(url)
    yield found
    found.engine.dispose()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(KEYS, KEYS), max_size=6))
@example(rows=[("crm", "\"'\\"), ("crm", "0012"), ("sap", "12"), ("", "\u2028\ud7ff")])
def test_keys_come_back_as_they_were_asked_for(database: Database, rows: list[tuple[str, str]]) -> None:
    with database.reading() as connection:
        asked = asked_for(connection, rows, [crosswalk.c.system, crosswalk.c.key])
        found = connection.execute(sa.select(asked.c.system, asked.c.key)).all()
    assert sorted(map(tuple, found)) == sorted(rows)


def held(database: Database, begun: threading.Event, seconds: float) -> threading.Thread:
    def hold() -> None:
        with database.writing():
            begun.set()
            time.sleep(seconds)

    thread = threading.Thread(target=hold)
    thread.start()
    return thread


def test_who_writes_waits_for_another_program(file: tuple[Database, Database]) -> None:
    begun = threading.Event()
    other = held(file[0], begun, 0.05)
    begun.wait()
    with file[1].writing() as connection:
        connection.execute(sa.text("CREATE TABLE written (x)"))
    other.join()


def test_who_waits_too_long_for_another_program_is_told(
    file: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "BUSY_MILLISECONDS", 20)
    begun = threading.Event()
    other = held(file[0], begun, 0.5)
    begun.wait()
    with pytest.raises(StoreRefused, match="another program has held its write lock"), file[1].writing():
        pass
    other.join()


def test_a_transaction_that_fails_gives_the_turn_to_the_next(file: tuple[Database, Database]) -> None:
    with pytest.raises(StoreRefused), file[0].writing() as connection:
        connection.execute(sa.text("SELECT * FROM nowhere"))
    with file[0].writing() as connection:
        connection.execute(sa.text("CREATE TABLE written (x)"))
