"""Columns of made-up values, from which the tables of the systems are put together."""

from __future__ import annotations

from collections.abc import Sequence

ROWS = 40
BLANK = [""] * ROWS
FLAG = ["true", "false"] * 20
COMPANY = [f"{a} {b} {'GmbH' if b != 'Foods' else 'Ltd'}" for a in ("Alpha", "Berg") for b in ("Tools", "Foods")] * 10
GIVEN = ["Anna", "Bert", "Carla", "Dirk"] * 10
FAMILY = ["Muster", "Beispiel", "Probe", "Sample", "Essai"] * 8
PERSON = [f"{a} {b}" for a, b in zip(GIVEN, FAMILY, strict=True)]
STREET = [f"Musterstraße {i}" for i in range(1, ROWS + 1)]
BARE_STREET = ["Musterweg", "Probeallee", "Am Beispiel", "Neue Gasse"] * 10
HOUSE = [f"{1 + i % 30}{'a' if i % 5 == 0 else ''}" for i in range(ROWS)]
ZIP = [f"{10000 + (i * 977) % 80000}" for i in range(ROWS)]
TOWN = ["Musterstadt", "Beispielburg", "Probedorf", "Neustadt"] * 10
STATE = ["BY", "HE", "NW", "SN"] * 10
CODE = ["DE", "FR", "NL", "AT", "ES"] * 8
LAND = ["Germany", "France", "Netherlands", "Austria", "Spain"] * 8
PHONE = [f"+49 89 {100000 + i * 37}" for i in range(ROWS)]
MAIL = [f"info{i}@example{i}.com" for i in range(ROWS)]
WEB = [f"www.example{i}.com" for i in range(ROWS)]
VAT = [f"DE{100000000 + i * 7919}" for i in range(ROWS)]
NUMBER = [f"{10000 + i}" for i in range(ROWS)]
PADDED = [f"{100000 + i:010d}" for i in range(ROWS)]
GUID = [f"{i:08x}-aaaa-bbbb-cccc-0123456789ab" for i in range(ROWS)]
DATE = [f"2024-01-{1 + i % 28:02d}T10:00:00Z" for i in range(ROWS)]
MONEY = [f"{i * 1000}.50" for i in range(ROWS)]
WHOLE = [f"{a}\n{b} {c}" for a, b, c in zip(STREET, ZIP, TOWN, strict=True)]

Table = dict[str, list[str]]
Roles = dict[str, Sequence[str]]

Exports = dict[str, tuple[Table, str, Roles]]
"""By system: its table, the column of its key, and the columns of each role as an expert would choose them."""
