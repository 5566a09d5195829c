"""How fast a table of a million rows and 30 columns is read, and how much memory that takes, beside raw drivers.

Run it on a PostgreSQL of yours: python benchmarks/bench_sql.py postgresql://postgres@/db?host=DIR [ROWS]
or on a MariaDB: python benchmarks/bench_sql.py mysql+pymysql://root@localhost/db?unix_socket=FILE [ROWS]
Each way runs in a process of its own; connectorx and ADBC take part where they are installed.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
import sqlalchemy as sa

from mdm.connect import open_source, refresh
from mdm.rulebook import SourceRules

TABLE = "mdm_bench"
COLUMNS = (
    "id bigint primary key",
    "changed_at timestamp",
    "limit_amount numeric(12,2)",
    "blocked boolean",
    "opened date",
    *(f"text_{n} varchar(40)" for n in range(25)),
)
FILL = """
INSERT INTO mdm_bench SELECT n, timestamp '2026-01-01' + n * interval '1 second', n / 100.0, n % 7 = 0,
date '2020-01-01' + (n % 2000)::int, {texts} FROM generate_series(1, {rows}) AS n
"""
MARIADB_FILL = """
INSERT INTO mdm_bench SELECT seq, timestamp '2026-01-01 00:00:00' + interval seq second, seq / 100.0, mod(seq, 7) = 0,
date '2020-01-01' + interval mod(seq, 2000) day, {texts} FROM seq_1_to_{rows}
"""


def prepare(url: str, rows: int) -> int:
    """Make the table unless it is there; returns its size in bytes."""
    return prepare_mariadb(url, rows) if url.startswith("mysql") else prepare_postgresql(url, rows)


def prepare_mariadb(url: str, rows: int) -> int:
    texts = ", ".join(f"concat('w{n} ', mod(seq * {n + 7}, 100003))" if n % 3 else "NULL" for n in range(25))
    size = "SELECT data_length FROM information_schema.tables WHERE table_name = 'mdm_bench'"
    with sa.create_engine(url).begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {TABLE} ({', '.join(COLUMNS)})")
        if connection.exec_driver_sql("SELECT count(*) FROM mdm_bench").scalar() != rows:
            connection.exec_driver_sql("TRUNCATE mdm_bench")
            connection.exec_driver_sql(MARIADB_FILL.format(texts=texts, rows=rows))
        return int(connection.exec_driver_sql(size).scalar() or 0)


def prepare_postgresql(url: str, rows: int) -> int:
    texts = ", ".join(f"'w{n} ' || ((n * {n + 7}) % 100003)" if n % 3 else "NULL" for n in range(25))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} ({', '.join(COLUMNS)})")
        there = connection.execute("SELECT count(*) FROM mdm_bench").fetchone()
        if there != (rows,):
            connection.execute(f"TRUNCATE {TABLE}")
            connection.execute(FILL.format(texts=texts, rows=rows))
            connection.execute(f"VACUUM ANALYZE {TABLE}")
        found = connection.execute("SELECT pg_table_size('mdm_bench')").fetchone()
    return int(found[0]) if found else 0


def rules(url: str, changed_at: str | None = "changed_at") -> SourceRules:
    connector = {"type": "sql", "url": url, "table": TABLE, "changed_at": changed_at}
    return SourceRules.model_validate({"system": "erp", "key": "id", "connector": connector})


def read_full(url: str) -> int:
    """What a first scan does: all rows in the order of their key, as text, into a Parquet."""
    with tempfile.TemporaryDirectory() as folder:
        source = rules(url)
        return refresh(open_source(source, {}), source, Path(folder), "2026-03-01T00:00:00+00:00").rows


def read_delta(url: str) -> int:
    """A second scan, for which a full read is there already: its time alone is told."""
    with tempfile.TemporaryDirectory() as folder:
        source = rules(url)
        refresh(open_source(source, {}), source, Path(folder), "2026-03-01T00:00:00+00:00")
        began = time.perf_counter()
        rows = refresh(open_source(source, {}), source, Path(folder), "2026-03-02T00:00:00+00:00").rows
        sys.stderr.write(json.dumps({"seconds": time.perf_counter() - began}) + "\n")
        return rows


def read_connectorx(url: str) -> int:
    """Raw connectorx into one Arrow table; it wants a socket's folder as the host."""
    import connectorx  # noqa: PLC0415  # optional

    parts = urlsplit(url)
    host = parts.query.removeprefix("host=")
    plain = f"postgresql://postgres@{quote(host, safe='')}{parts.path}" if host else url
    return int(connectorx.read_sql(plain, f"SELECT * FROM {TABLE}", return_type="arrow").num_rows)  # noqa: S608  # a constant


def read_adbc(url: str) -> int:
    """Raw ADBC into one Arrow table."""
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415  # optional

    with dbapi.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {TABLE}")  # noqa: S608  # a constant
        return int(cursor.fetch_arrow_table().num_rows)


WAYS = {
    "mdm, full read to Parquet": (read_full, None),
    "mdm, delta of a day": (read_delta, None),
    "connectorx, whole table": (read_connectorx, "connectorx"),
    "ADBC, whole table": (read_adbc, "adbc_driver_postgresql"),
}


def measure(way: str, url: str) -> None:
    began = time.perf_counter()
    rows = WAYS[way][0](url)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": peak}))


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--way"]:
        measure(arguments[1], arguments[2])
        return
    url, rows = arguments[0], int(arguments[1]) if arguments[1:] else 1_000_000
    size = prepare(url, rows)
    print(f"{rows:,} rows of {len(COLUMNS)} columns, {size / 2**20:,.0f} MB in the database")
    for way, (_, module) in WAYS.items():
        if module and (url.startswith("mysql") or importlib.util.find_spec(module) is None):
            print(f"  {way:<28}not here")
            continue
        done = subprocess.run([sys.executable, __file__, "--way", way, url], check=True, capture_output=True, text=True)
        found = json.loads(done.stdout) | (json.loads(done.stderr) if done.stderr else {})
        print(f"  {way:<28}{found['seconds']:>7.1f} s {found['peak_mb']:>7,} MB {found['rows']:>11,} rows")


if __name__ == "__main__":
    main(sys.argv[1:])
