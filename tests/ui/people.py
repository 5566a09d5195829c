"""A small project of persons whose private values are canaries: what shows one in clear is told by its bytes."""

from __future__ import annotations

import csv
from pathlib import Path

from stdnum import iban
from stdnum.iso7064 import mod_97_10

from mdm.app import begin_project
from mdm.records import RecordKey, SystemName

PEOPLE = range(6)
CERTAIN = range(3)
"""Persons that both systems know with the same values; of the others the second one knows little."""

NAMES = [
    ("Katharina", "Wolkenstein"),
    ("Benedikt", "Ahornthal"),
    ("Rosalinde", "Quellberg"),
    ("Leopold", "Finkenau"),
    ("Mechthild", "Dornbirnen"),
    ("Severin", "Habichtswald"),
]
NUMBERS = ("social", "passport", "licence")
ROLES = {
    "given_name": "first",
    "family_name": "last",
    "birth_date": "born",
    "street": "street",
    "postcode": "zip",
    "city": "city",
    "country": "country",
    "phone": "phone",
    "email": "email",
    "iban": "iban",
    "tax_id": "social",
    "passport": "passport",
    "driving_licence": "licence",
}


def person(n: int) -> dict[str, str]:
    """What the shop says of person n; the values behind the country are nobody else's business."""
    first, last = NAMES[n]
    account = f"3704004405321{n}7{n}13"
    check = mod_97_10.calc_check_digits(f"{account}DE")
    return {
        "id": f"P{n:03d}",
        "first": first,
        "last": last,
        "born": f"19{61 + n}-0{n + 2}-1{n}",
        "street": f"Kanariengasse {n + 11}",
        "zip": f"5066{n}",
        "city": "Köln",
        "country": "DE",
        "phone": f"+49 151 7319{n}48{n}6",
        "email": f"kanarie.{n}@post.example",
        "iban": iban.compact(f"DE{check}{account}"),
        "social": f"4405{n}4013{n}59",
        "passport": f"C{n}7X{n}0T47",
        "licence": f"B{n}72RRE2I{n}5",
    }


def in_club(n: int) -> dict[str, str]:
    """What the club says of the same person."""
    mine = {**person(n), "id": f"Q{n:03d}"}
    blank = dict.fromkeys(("born", "iban", "phone", "email", *NUMBERS), "")
    return mine if n in CERTAIN else {**mine, **blank, "street": "Kanariengasse 1"}


def canaries() -> list[str]:
    """Every value that a viewer must never get, as delivered and as it is compared."""
    found = set()
    for n in PEOPLE:
        for said in (person(n), in_club(n)):
            digits = said["phone"].replace(" ", "").lstrip("+")
            found |= {said["born"], said["street"], said["phone"], digits, digits[2:]}
            found |= {said["email"], said["email"].split("@")[0], said["iban"], said["iban"][4:]}
            found |= {said[number] for number in NUMBERS}
    return sorted(value for value in found | {"Kanariengasse", "kanariengasse"} if value)


def left(n: int) -> RecordKey:
    return RecordKey(SystemName("club"), f"Q{n:03d}")


def right(n: int) -> RecordKey:
    return RecordKey(SystemName("shop"), f"P{n:03d}")


def write_people(folder: Path) -> Path:
    """The project's files; nothing is scanned yet."""
    begin_project(folder, ())
    broken = {**person(0), "id": "", "first": "Ohne", "last": "Schlüssel"}
    write_system(folder, "shop", [*map(person, PEOPLE), broken])
    write_system(folder, "club", list(map(in_club, PEOPLE)))
    return folder


def write_system(folder: Path, system: str, rows: list[dict[str, str]]) -> None:
    """One system's file and its rules."""
    with (folder / f"{system}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    lines = [f"system: {system}", f"path: {system}.csv", "key: id", "columns:"]
    lines += [f"  {role}: {column}" for role, column in ROLES.items()]
    (folder / "rules" / "sources" / f"{system}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
