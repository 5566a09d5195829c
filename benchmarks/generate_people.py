"""People that nobody is, with the truth: `python benchmarks/generate_people.py OUT --people 2500 --seed 1`.

Writes `records.csv` (source, id and columns as a register of customers has them) and `truth.csv`. Households share a
family name, an address and a telephone; brothers and sisters, twins, fathers and sons of one name are two people.
Records of one person differ as in life: slips, short forms, initials, swapped fields, marriage, a move, gaps.
Names and streets are those of the sample's countries. The order of records and their ids tell nothing.
"""

from __future__ import annotations

import argparse
import csv
import random
import string
from collections.abc import Callable
from pathlib import Path

import yaml

COUNTRIES = Path(__file__).parents[1] / "sample_data" / "countries"
FORMS = Path(__file__).parents[1] / "mdm" / "match" / "data" / "given_names.yaml"
CHOSEN = ("GB", "US", "US", "DE", "DE", "FR", "ES", "IT", "NL", "PL", "SE", "AT")
COLUMNS = (
    "given",
    "family",
    "born",
    "street",
    "house",
    "postcode",
    "city",
    "country",
    "phone",
    "email",
    "ssn",
    "passport",
)
HEADINGS = (
    "first_name",
    "last_name",
    "date_of_birth",
    "street",
    "house_number",
    "postcode",
    "city",
    "country",
    "phone",
    "email",
    "social_security_number",
    "passport_number",
)
SYSTEMS = ("crm", "shop", "clinic")
MAILS = ("gmail.com", "outlook.com", "web.de", "yahoo.com", "proton.me")
MISSING = {
    "given": 0.02,
    "born": 0.2,
    "street": 0.06,
    "house": 0.08,
    "postcode": 0.08,
    "city": 0.06,
    "country": 0.1,
    "phone": 0.35,
    "email": 0.4,
    "ssn": 0.6,
    "passport": 0.85,
}
SLIPS = {"given": 0.06, "family": 0.07, "street": 0.08, "city": 0.05, "postcode": 0.03, "ssn": 0.03, "email": 0.02}

Person = dict[str, str]


class World:
    """One generated population; everything follows from the seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - nothing here is a secret
        self.lists = {
            code: yaml.safe_load((COUNTRIES / f"{code}.yaml").read_text(encoding="utf-8")) for code in set(CHOSEN)
        }
        self.called_here: set[str] = set()
        self.forms: dict[str, list[str]] = yaml.safe_load(FORMS.read_text(encoding="utf-8"))

    def hit(self, share: float) -> bool:
        return self.chance.random() < share

    def digits(self, pattern: str) -> str:
        letters = {"#": string.digits, "@": "ABDEFGHJLNPQRSTUWXYZ"}
        return "".join(self.chance.choice(letters[c]) if c in letters else c for c in pattern)

    def family(self, country: str) -> str:
        facts = self.lists[country]
        if self.hit(0.55):
            names = facts["family"]
            return str(names[min(int(self.chance.expovariate(1 / 9)), len(names) - 1)])
        stem, form = self.chance.choice(facts["family_stems"]), self.chance.choice(facts["family_forms"])
        return str(form).replace("*", stem if str(form).startswith("*") else stem.capitalize())

    def given(self, country: str, *, woman: bool) -> str:
        names = self.lists[country]["given"]
        half = len(names) // 2
        chosen = str(self.chance.choice(names[half:] if woman else names[:half]))
        if self.hit(0.4):
            chosen = self.chance.choice(list(self.forms)).capitalize()
        return f"{chosen} {self.chance.choice(names[half:] if woman else names[:half])}" if self.hit(0.2) else chosen

    def address(self, country: str) -> Person:
        facts = self.lists[country]
        city, code, _, *_ = str(self.chance.choice(facts["cities"])).split("|")
        street = str(self.chance.choice(facts["street_forms"])).replace(
            "*", str(self.chance.choice(facts["street_stems"]))
        )
        number = str(self.chance.randint(1, 140)) + (self.chance.choice("abc") if self.hit(0.06) else "")
        return {"street": street, "house": number, "postcode": self.digits(code), "city": city, "country": country}

    def born(self, low: int, high: int) -> str:
        return f"{self.chance.randint(low, high)}-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}"

    def email(self, given: str, family: str) -> str:
        a, b = given.split(maxsplit=1)[0].lower(), family.replace(" ", "").lower()
        local = self.chance.choice([f"{a}.{b}", f"{a[0]}{b}", f"{a}{self.chance.randint(1, 99)}", f"{b}.{a[0]}"])
        return f"{local}@{self.chance.choice(MAILS)}"

    def person(self, home: Person, family: str, born: str, *, woman: bool) -> Person:
        given = next(g for _ in iter(int, 1) if (g := self.given(home["country"], woman=woman)) not in self.called_here)
        self.called_here.add(given)
        return {
            **home,
            "given": given,
            "family": family,
            "born": born,
            "woman": "1" if woman else "",
            "email": self.email(given, family),
            "ssn": self.digits("#########"),
            "passport": self.digits("@########"),
        }

    def household(self) -> list[Person]:
        country = self.chance.choice(CHOSEN)
        home, family = self.address(country), self.family(country)
        home["phone"] = self.digits("0" + "#" * 9)
        self.called_here = set()
        first = self.person(home, family, self.born(1935, 2004), woman=self.hit(0.5))
        found = [first]
        if self.hit(0.35):
            year = int(first["born"][:4])
            found.append(self.person(home, family, self.born(year - 6, year + 6), woman=not first["woman"]))
            if self.hit(0.4):
                found += self.children(home, family, year + 28)
        if self.hit(0.04):
            son = self.person(home, family, self.born(1980, 2006), woman=bool(first["woman"]))
            found.append(son | {"given": first["given"]})
        for member in found:
            if self.hit(0.4):
                member["phone"] = self.digits("07" + "#" * 8)
        return found

    def children(self, home: Person, family: str, year: int) -> list[Person]:
        born = self.born(year, year + 8)
        children = [self.person(home, family, born, woman=self.hit(0.5))]
        if self.hit(0.5):
            second = born if self.hit(0.1) else self.born(year, year + 8)
            children.append(self.person(home, family, second, woman=self.hit(0.5)))
        return children

    def written(self, person: Person) -> Person:
        """The person as one record has them."""
        record = dict(person)
        if self.hit(0.12):
            record |= self.address(person["country"])
        if self.hit(0.15):
            record["phone"] = self.digits("07" + "#" * 8)
        if self.hit(0.12):
            record["email"] = self.email(person["given"], person["family"])
        if person["woman"] and self.hit(0.05):
            married = self.family(person["country"])
            record["family"] = f"{person['family']}-{married}" if self.hit(0.3) else married
        record["given"] = self.called(record["given"])
        slipped = {f: self.slip(record[f], f in {"ssn", "postcode"}) for f, share in SLIPS.items() if self.hit(share)}
        record |= slipped
        record["born"] = self.dated(record["born"])
        if self.hit(0.02):
            record["given"], record["family"] = record["family"], record["given"]
        if self.hit(0.1):
            record["family"] = record["family"].upper()
        return record | {field: "" for field, share in MISSING.items() if self.hit(share)}

    def called(self, given: str) -> str:
        first, *more = given.split()
        forms = self.forms.get(first.lower(), [])
        if forms and self.hit(0.12):
            return self.chance.choice(forms).capitalize()
        if self.hit(0.04):
            return first[0]
        if more and self.hit(0.5):
            return first if self.hit(0.7) else f"{first} {more[0][0]}"
        return given

    def slip(self, text: str, number: bool) -> str:  # noqa: FBT001 - the kind of the text
        if len(text) < 3:
            return text
        at, sign = (
            self.chance.randrange(1, len(text)),
            self.chance.choice(string.digits if number else string.ascii_lowercase),
        )
        edits: list[Callable[[], str]] = [
            lambda: text[:at] + text[at + 1 :],
            lambda: text[:at] + sign + text[at + 1 :],
            lambda: text[:at] + sign + text[at:],
            lambda: text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :],
        ]
        return self.chance.choice(edits)()

    def dated(self, born: str) -> str:
        year, month, day = born.split("-")
        if self.hit(0.03) and int(day) <= 12:
            month, day = day, month
        elif self.hit(0.03):
            day = f"{self.chance.randint(1, 28):02}"
        elif self.hit(0.02):
            year = year[:3] + self.chance.choice(string.digits)
        return f"{year}-{month}-{day}"


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("out", type=Path)
    p.add_argument("--people", type=int, default=2_500)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    world = World(a.seed)
    people: list[Person] = []
    while len(people) < a.people:
        people += world.household()
    rows = [
        (world.chance.choice(SYSTEMS), entity, world.written(person))
        for entity, person in enumerate(people)
        for _ in range(world.chance.choice((1, 1, 1, 2, 2, 3, 4)))
    ]
    world.chance.shuffle(rows)
    a.out.mkdir(parents=True, exist_ok=True)
    with (
        (a.out / "records.csv").open("w", newline="", encoding="utf-8") as records,
        (a.out / "truth.csv").open("w", newline="", encoding="utf-8") as truth,
    ):
        record, entity_of = csv.writer(records), csv.writer(truth)
        record.writerow(("source", "id", *HEADINGS))
        entity_of.writerow(("source", "id", "entity_id"))
        for number, (system, entity, written) in enumerate(rows):
            record.writerow((system, f"{number:07}", *(written[c] for c in COLUMNS)))
            entity_of.writerow((system, f"{number:07}", entity))


if __name__ == "__main__":
    main()
