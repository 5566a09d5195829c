"""A table as a target, on both engines: told what is planned, where it still says what was read, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from mdm.connect import Order, Outcome, Target, Wish, apply, open_target, plan
from mdm.errors import SettingsInvalid, SystemRefused, SystemSilent
from mdm.rulebook import TargetRules

TABLE = """
CREATE TABLE kunden (
  mandt varchar(3), kunnr varchar(10), name varchar(80), mdm_id varchar(20), ust_id varchar(20),
  CONSTRAINT short_id CHECK (mdm_id <> 'POISON'), primary key (mandt, kunnr)
)
"""
A, B = "M-0000001-1", "M-0000002-2"


@dataclass
class Erp:
    """An ERP's customer table, and its rules as a target."""

    engine: sa.Engine

    def execute(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def rows(self) -> dict[str, tuple[str | None, ...]]:
        with self.engine.begin() as connection:
            found = connection.exec_driver_sql("SELECT kunnr, name, mdm_id, ust_id FROM kunden ORDER BY kunnr").all()
        return {row[0]: tuple(row[1:]) for row in found}

    def target(self, key: str = "mandt+kunnr", field: str = "mdm_id", **more: Any) -> Target:
        url = self.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        connector = {"type": "sql", "url": url, "table": "kunden", "key": key}
        rules = {"system": "erp", "crosswalk_field": field, "connector": {**connector, **more.pop("connector", {})}}
        return open_target(TargetRules.model_validate(rules | more), "", {})


@pytest.fixture(params=["sqlite", "postgresql"])
def erp(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Erp]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/erp.sqlite"
    else:
        url = request.getfixturevalue("postgres_url").replace("postgresql://", "postgresql+psycopg://")
    made = Erp(sa.create_engine(url, poolclass=sa.NullPool))
    made.execute(TABLE)
    for number, name in enumerate(("Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG"), start=1):
        made.execute(f"INSERT INTO kunden VALUES ('100', '{number:010d}', '{name}', NULL, '')")  # noqa: S608 - a test
    yield made
    made.engine.dispose()


def key(number: int) -> str:
    return f"100|{number:010d}"


def order(number: int, new: str = A, before: str | None = None) -> Order:
    return Order(key(number), {"mdm_id": new}, {"mdm_id": before})


def kinds(outcomes: dict[str, Outcome]) -> dict[str, str]:
    return {record[-1]: outcome.kind for record, outcome in outcomes.items()}


def test_an_order_is_written_and_confirmed(erp: Erp) -> None:
    assert kinds(apply(erp.target(), [order(1), order(2, B)])) == {"1": "confirmed", "2": "confirmed"}
    assert [row[1] for row in erp.rows().values()] == [A, B, None]


def test_nothing_but_the_field_is_written(erp: Erp) -> None:
    before = erp.rows()
    apply(erp.target(), [order(1)])
    assert {k: (row[0], row[2]) for k, row in erp.rows().items()} == {k: (row[0], row[2]) for k, row in before.items()}


def test_the_plan_writes_nothing(erp: Erp) -> None:
    before = erp.rows()
    wish = Wish({"mdm_id": A}, {"mdm_id": frozenset({None})})
    planned = plan(erp.target(), {key(1): wish, key(9): wish})
    assert kinds(planned) == {"1": "ready", "9": "refused"}
    assert erp.rows() == before


def test_what_a_record_says_already_is_not_written(erp: Erp) -> None:
    erp.execute(f"UPDATE kunden SET mdm_id = '{A}'")  # noqa: S608 - a test
    target = erp.target()
    target.write = lambda writes: pytest.fail(f"{writes} were written")  # type: ignore[method-assign]
    assert kinds(apply(target, [order(1)])) == {"1": "confirmed"}


def is_postgres(erp: Erp) -> bool:
    return erp.engine.dialect.name == "postgresql"


def test_an_unexpected_value_is_a_conflict_and_stays(erp: Erp) -> None:
    erp.execute("UPDATE kunden SET mdm_id = 'somebody' WHERE kunnr = '0000000001'")
    outcomes = apply(erp.target(), [order(1), order(2)])
    assert kinds(outcomes) == {"1": "conflict", "2": "confirmed"}
    assert "'somebody'" in outcomes[key(1)].told
    assert erp.rows()["0000000001"][1] == "somebody"


def test_a_value_of_our_own_that_came_after_the_plan_is_no_conflict(erp: Erp) -> None:
    apply(erp.target(), [order(1)])
    second = Order(key(1), {"mdm_id": B}, {"mdm_id": None}, ours={"mdm_id": frozenset({A})})
    assert kinds(apply(erp.target(), [second])) == {"1": "confirmed"}


def test_a_row_that_changes_between_reading_and_writing_is_left_alone(erp: Erp) -> None:
    target = erp.target()
    write = target.write

    def late(writes: Any) -> Any:
        erp.execute("UPDATE kunden SET mdm_id = 'somebody' WHERE kunnr = '0000000001'")
        return write(writes)

    target.write = late  # type: ignore[method-assign]
    assert kinds(apply(target, [order(1)])) == {"1": "conflict"}
    assert erp.rows()["0000000001"][1] == "somebody"


def test_a_value_the_database_refuses_stops_no_other(erp: Erp) -> None:
    outcomes = apply(erp.target(), [order(1), order(2, "POISON"), order(3, B)])
    assert kinds(outcomes) == {"1": "confirmed", "2": "refused", "3": "confirmed"}
    assert "short_id" in outcomes[key(2)].told


def test_a_value_the_database_alters_is_told_as_ignored(erp: Erp) -> None:
    if is_postgres(erp):
        erp.execute(
            "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN NEW.mdm_id := 'kept'; RETURN NEW; END $$"
        )
        erp.execute("CREATE TRIGGER keep BEFORE UPDATE ON kunden FOR EACH ROW EXECUTE FUNCTION keep()")
    else:
        erp.execute(
            "CREATE TRIGGER keep AFTER UPDATE OF mdm_id ON kunden WHEN NEW.mdm_id <> 'kept' "
            "BEGIN UPDATE kunden SET mdm_id = 'kept' WHERE kunnr = NEW.kunnr; END"
        )
    outcome = apply(erp.target(), [order(1)])[key(1)]
    assert outcome.kind == "refused"
    assert "said yes and kept mdm_id 'kept'" in outcome.told


def test_several_fields_are_written_together(erp: Erp) -> None:
    target = erp.target(allow={"vat": "ust_id"})
    said = Order(key(1), {"mdm_id": A, "ust_id": "DE136695976"}, {"mdm_id": None, "ust_id": None})
    assert kinds(apply(target, [said])) == {"1": "confirmed"}
    assert erp.rows()["0000000001"][1:] == (A, "DE136695976")


def test_a_number_as_key_is_found_by_its_text(erp: Erp) -> None:
    erp.execute("CREATE TABLE orte (nr integer primary key, mdm_id text)")
    erp.execute("INSERT INTO orte VALUES (17, NULL)")
    target = erp.target(key="nr", connector={"table": "orte"})
    outcomes = apply(target, [Order(k, {"mdm_id": A}, {"mdm_id": None}) for k in ("17", "18", "x")])
    assert {k: o.kind for k, o in outcomes.items()} == {"17": "confirmed", "18": "refused", "x": "refused"}


def test_a_key_that_stands_twice_is_a_conflict(erp: Erp) -> None:
    erp.execute("INSERT INTO kunden VALUES ('200', '0000000001', 'Anderswo', NULL, '')")
    outcome = apply(erp.target(key="kunnr"), [Order("0000000001", {"mdm_id": A}, {"mdm_id": None})])["0000000001"]
    assert outcome.kind == "conflict"
    assert "stands 2 times" in outcome.told


def test_a_target_without_the_field_is_refused_with_what_it_has(erp: Erp) -> None:
    with pytest.raises(SystemRefused, match=r"has no column zz_mdm.*\n?.*kunnr"):
        erp.target(field="zz_mdm")


def test_a_field_that_is_no_text_is_refused(erp: Erp) -> None:
    erp.execute("ALTER TABLE kunden ADD COLUMN number integer")
    with pytest.raises(SystemRefused, match="number"):
        erp.target(field="number").check()


def test_a_field_that_is_too_short_is_refused(erp: Erp) -> None:
    erp.execute("ALTER TABLE kunden ADD COLUMN short varchar(10)")
    with pytest.raises(SystemRefused, match="11 characters"):
        erp.target(field="short").check()


def test_a_check_says_what_is_connected_and_changes_nothing(erp: Erp) -> None:
    before = erp.rows()
    assert erp.target().check().startswith("table kunden of ")
    assert erp.rows() == before


def test_a_user_who_may_not_write_the_field_is_refused_before_anything_is_sent(erp: Erp, request: Any) -> None:
    if not is_postgres(erp):
        pytest.skip("SQLite has no users")
    erp.execute("DROP ROLE IF EXISTS reader")
    erp.execute("CREATE ROLE reader LOGIN")
    erp.execute("GRANT SELECT ON kunden TO reader")
    url = request.getfixturevalue("postgres_url").replace("postgres@", "reader@")
    with pytest.raises(SystemRefused, match="permission denied"):
        erp.target(connector={"url": url}).check()
    erp.execute("DROP OWNED BY reader")
    erp.execute("DROP ROLE reader")


def test_a_database_that_is_not_there_is_silent(erp: Erp, tmp_path: Path) -> None:
    with pytest.raises(SystemSilent):
        erp.target(connector={"url": f"sqlite:///{tmp_path}/none/erp.sqlite"})


def test_a_target_without_a_connector_cannot_be_opened() -> None:
    with pytest.raises(SettingsInvalid, match="has no connector"):
        open_target(TargetRules.model_validate({"system": "erp"}), "", {})
