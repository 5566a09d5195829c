"""A stand-in for the business partner service of SAP S/4HANA, OData version 2, with what a client must bear there.

Tokens for writing, states that a change must name, read-only properties that are ignored without a word, and changesets
that take effect as a whole. It proves our client, and nothing about a system of SAP.
"""

from __future__ import annotations

import copy
import email
import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from tests.contract.stand_in import Asked, Said, as_json, serving_app

ROOT = "/sap/opu/odata/sap/API_BUSINESS_PARTNER"
LENGTHS = {
    "BusinessPartner": 10,
    "OrganizationBPName1": 40,
    "SearchTerm1": 20,
    "BusinessPartnerIDByExtSystem": 20,
    "CreatedByUser": 12,
    "FormOfAddress": 4,
}
IGNORED = ("CreatedByUser", "FormOfAddress")
"""Properties that nobody changes; of the first the metadata says so."""

PAGE_SIZE = 3
PROPERTIES = "".join(
    f'<Property Name="{name}" Type="Edm.String" MaxLength="{length}"'
    f"{' sap:updatable=' + chr(34) + 'false' + chr(34) if name == 'CreatedByUser' else ''}/>"
    for name, length in LENGTHS.items()
)
METADATA = f"""<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"
 xmlns:sap="http://www.sap.com/Protocols/SAPData"><edmx:DataServices>
<Schema Namespace="API_BUSINESS_PARTNER" xmlns="http://schemas.microsoft.com/ado/2008/09/edm">
<EntityType Name="A_BusinessPartnerType"><Key><PropertyRef Name="BusinessPartner"/></Key>{PROPERTIES}
<Property Name="IsMarkedForArchiving" Type="Edm.Boolean"/></EntityType>
<EntityType Name="A_BuPaIdentificationType"><Property Name="BusinessPartner" Type="Edm.String" MaxLength="10"/>
<Property Name="BPIdentificationType" Type="Edm.String" MaxLength="6"/>
<Property Name="BPIdentificationNumber" Type="Edm.String" MaxLength="60"/></EntityType>
<EntityContainer Name="API_BUSINESS_PARTNER_Entities">
<EntitySet Name="A_BusinessPartner" EntityType="API_BUSINESS_PARTNER.A_BusinessPartnerType"/>
<EntitySet Name="A_BuPaIdentification" EntityType="API_BUSINESS_PARTNER.A_BuPaIdentificationType"{{creatable}}/>
</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"""


class Refused(Exception):
    """A change that is not made, with its status and why."""


@dataclass
class S4:
    """Partners by number, their identifications, and what the next calls shall suffer."""

    partners: dict[str, dict[str, Any]] = field(default_factory=dict)
    identifications: set[tuple[str, str, str]] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    log: list[str] = field(default_factory=list)
    stops_at_refusals: bool = False
    creatable: str = ""
    continues_at: str = ""
    url: str = ""

    def add(self, *names: str) -> list[str]:
        """New partners; returns their numbers as an extract may have them, without leading zeros."""
        made = []
        for name in names:
            number = f"{1_000_000 + next(self.numbers)}"
            self.partners[number.zfill(10)] = {"OrganizationBPName1": name, "mark": next(self.numbers)}
            made.append(number)
        return made

    def edit(self, partner: str, **values: Any) -> None:
        self.partners[partner.zfill(10)] |= {**values, "mark": next(self.numbers)}

    def identify(self, partner: str, number: str) -> None:
        self.identifications.add((partner.zfill(10), "ZMDM", number))

    def ids(self, partner: str) -> list[str]:
        return sorted(n for p, kind, n in self.identifications if p == partner.zfill(10) and kind == "ZMDM")

    def get(self, partner: str, name: str) -> Any:
        return self.partners[partner.zfill(10)].get(name)

    def expire_tokens(self) -> None:
        self.tokens.clear()

    def answer(self, asked: Asked) -> Said:
        if not asked.headers.get("authorization", "").startswith("Basic "):
            return Said(401, b"<html>log in</html>")
        path = asked.path.removeprefix(ROOT).strip("/")
        if asked.method == "GET":
            return self._read(asked, path)
        if asked.headers.get("x-csrf-token", "") not in self.tokens or "SAP_SESSION=1" not in asked.headers.get(
            "cookie", ""
        ):
            return Said(403, b"CSRF token validation failed", {"X-CSRF-Token": "Required"})
        return self._batch(asked)

    def _read(self, asked: Asked, path: str) -> Said:
        more = {"Set-Cookie": "SAP_SESSION=1; path=/; HttpOnly"}
        if asked.headers.get("x-csrf-token", "").lower() == "fetch":
            self.tokens.add(token := f"token-{next(self.numbers)}")
            more["X-CSRF-Token"] = token
        if not path:
            return as_json({"d": {"EntitySets": ["A_BusinessPartner", "A_BuPaIdentification"]}}, **more)
        if path == "$metadata":
            return Said(200, METADATA.format(creatable=self.creatable).encode(), {"Content-Type": "application/xml"})
        wanted = set(re.findall(r"BusinessPartner eq '([^']*)'", asked.query.get("$filter", "")))
        rows = self._partners(wanted) if path == "A_BusinessPartner" else self._identifications(wanted)
        at = int(asked.query.get("$skiptoken", "0"))
        page: dict[str, Any] = {"results": rows[at : at + PAGE_SIZE]}
        if at + PAGE_SIZE < len(rows):
            question = "&".join(f"{n}={v}".replace(" ", "%20") for n, v in asked.query.items() if n != "$skiptoken")
            here = self.continues_at or f"http://{asked.headers['host']}"
            page["__next"] = f"{here}{asked.path}?{question}&$skiptoken={at + PAGE_SIZE}"
        return as_json({"d": page}, **more)

    def _partners(self, wanted: set[str]) -> list[dict[str, Any]]:
        return [
            {"BusinessPartner": n, "__metadata": {"etag": self._mark(n)}, **self.partners[n]}
            for n in sorted(wanted & self.partners.keys())
        ]

    def _identifications(self, wanted: set[str]) -> list[dict[str, Any]]:
        names = ("BusinessPartner", "BPIdentificationType", "BPIdentificationNumber")
        return [
            dict(zip(names, row, strict=True))
            for row in sorted(self.identifications)
            if row[0] in wanted and row[1] == "ZMDM"
        ]

    def _mark(self, partner: str) -> str:
        return f"W/\"'{self.partners[partner]['mark']}'\""

    def _batch(self, asked: Asked) -> Said:
        message = email.message_from_bytes(
            b"Content-Type: " + asked.headers["content-type"].encode() + b"\r\n\r\n" + asked.body
        )
        parts = []
        for changeset in message.get_payload():
            assert isinstance(changeset, Message)
            before = copy.deepcopy((self.partners, self.identifications))
            try:
                inner = [self._change(leaf.get_payload()) for leaf in changeset.get_payload()]  # type: ignore[union-attr, arg-type]  # a changeset has parts
                parts.append("Content-Type: multipart/mixed; boundary=cs\r\n\r\n" + multipart("cs", inner))
            except Refused as refusal:
                self.partners, self.identifications = before
                parts.append(http_part(*refusal.args))
                if self.stops_at_refusals:
                    break
        return Said(202, multipart("b", parts).encode(), {"Content-Type": "multipart/mixed; boundary=b"})

    def _change(self, text: str) -> str:
        head, _, body = text.replace("\r\n", "\n").partition("\n\n")
        first, *lines = head.splitlines()
        method, path, _ = first.split(" ")
        headers = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in lines}
        self.log.append(f"{method} {path}")
        if path == "A_BuPaIdentification":
            return self._create(json.loads(body))
        key = re.findall(r"'([^']*)'", path)
        if method == "DELETE":
            return self._delete(key[0], key[2].replace("%2A", "*"))
        return self._patch(key[0], headers.get("if-match", ""), json.loads(body))

    def _create(self, row: dict[str, str]) -> str:
        key = (row["BusinessPartner"], row["BPIdentificationType"], row["BPIdentificationNumber"])
        if row["BPIdentificationNumber"] == "POISON":
            raise Refused(400, "Enter a valid identification number")
        if key in self.identifications:
            raise Refused(500, "Identification already exists")
        self.identifications.add(key)
        return http_part(201)

    def _delete(self, partner: str, number: str) -> str:
        if (partner, "ZMDM", number) not in self.identifications:
            raise Refused(404, "Resource not found")
        self.identifications.discard((partner, "ZMDM", number))
        return http_part(204)

    def _patch(self, partner: str, match: str, new: dict[str, str]) -> str:
        if not match:
            raise Refused(428, "Precondition required")
        if match != self._mark(partner):
            raise Refused(412, "Precondition failed")
        for name, value in new.items():
            if name not in LENGTHS or len(value) > LENGTHS[name]:
                raise Refused(400, f"Property {name} at offset 0 is invalid")
        self.edit(partner, **{name: value for name, value in new.items() if name not in IGNORED})
        return http_part(204)


def http_part(status: int, why: str = "") -> str:
    body = json.dumps({"error": {"code": "R1/100", "message": {"lang": "en", "value": why}}}) if why else ""
    head = f"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 {status} Said\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"


def multipart(boundary: str, parts: list[str]) -> str:
    return "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"


@contextmanager
def serving_s4() -> Iterator[S4]:
    s4 = S4()
    with serving_app(s4.answer) as url:
        s4.url = url
        yield s4
