"""Stand-ins for systems that answer with pages of JSON: HubSpot, ERPNext, EspoCRM and NetSuite, as they are documented.

They keep the documented shapes, page sizes, limits and manners of refusal; they prove our client, and nothing about the
vendors' systems.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from tests.contract.stand_in import Asked, Said, Tables, as_json, serving_app

PAGE = b"<!doctype html><title>Log in</title>"
TOKEN = "key:secret"  # noqa: S105 - of these stand-ins
MOST_RESULTS = 10_000
SIGNS = {"GT": ">", "GTE": ">=", "greaterThan": ">", "greaterThanOrEquals": ">=", ">": ">", ">=": ">="}


@dataclass
class RestStandIn(Tables):
    """A system with records of organisations and what belongs to them.

    `edits` and its like say in SQL how each kind names its tables and columns; `key` how it writes the key of a number.
    """

    url: str = ""
    most: int = 200
    results: int = MOST_RESULTS

    login: ClassVar = ("authorization", f"Bearer {TOKEN}")
    main: ClassVar = ("", "", "", "")
    child: ClassVar = ("", "", "", "")
    """Table, key, what is edited, and the time of changes: of the records, and of what belongs to them."""

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        raise NotImplementedError

    def key(self, number: int, letter: str) -> object:  # noqa: ARG002 - some kinds have none
        return number

    def moment(self, changed: str) -> str:
        return _plain(changed)[:19]

    def edit(self, number: int, name: str, changed: str) -> None:
        self._edit(self.main, self.key(number, "a"), name, changed)

    def edit_contact(self, number: int, email: str, changed: str) -> None:
        self._edit(self.child, self.key(number, "c"), email, changed)

    def remove(self, number: int) -> None:
        table, key, *_ = self.main
        self.tables.execute(f"DELETE FROM {table} WHERE {key} = ?", (self.key(number, "a"),))  # noqa: S608 - a test

    def answer(self, asked: Asked) -> Said:
        self.asked.append(f"{asked.method} {asked.line}")
        if (fault := self.fault(PAGE)) is not None:
            return fault
        if asked.headers.get(self.login[0]) != self.login[1]:
            return as_json({"message": "who are you"}, 401)
        return self.serve(asked)

    def serve(self, asked: Asked) -> Said:
        raise NotImplementedError

    def select(self, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
        found = self.tables.execute(sql, values)
        return [dict(zip([d[0] for d in found.description], row, strict=True)) for row in found]

    def fields_of(self, table: str) -> list[str]:
        return [row[1] for row in self.tables.execute(f"PRAGMA table_info({table})") if row[1] not in self.gone]

    def _edit(self, what: tuple[str, str, str, str], key: object, value: str, changed: str) -> None:
        table, column, edited, at = what
        said = f"UPDATE {table} SET {edited} = ?, {at} = ? WHERE {column} = ?"  # noqa: S608 - a test
        self.tables.execute(said, (value, self.moment(changed), key))


class HubSpot(RestStandIn):
    """Searches with a limit of 200 a page and 10,000 in all; the ids of merged companies on the one that is left."""

    main = ("companies", "hs_object_id", "name", "hs_lastmodifieddate")
    child = ("contacts", "hs_object_id", "email", "lastmodifieddate")

    def begin(self) -> None:
        own = ("name", "city", "hs_lastmodifieddate", "hs_merged_object_ids")
        of_contacts = ("associatedcompanyid", "email", "lastmodifieddate")
        key = "hs_object_id integer"
        self.make({"companies": (key, *own), "contacts": (key, *of_contacts)})

    def moment(self, changed: str) -> str:
        return changed

    def company(self, number: int, name: str, changed: str) -> None:
        self.put("companies", number, name, "Bonn", changed, None)

    def contact(self, number: int, of: int, email: str, changed: str) -> None:
        self.put("contacts", number, str(of), email, changed)

    def merge(self, kept: int, lost: int, changed: str) -> None:
        """The lost one is gone, and its id stands with the other."""
        self.remove(lost)
        said = "UPDATE companies SET hs_merged_object_ids = ?, hs_lastmodifieddate = ? WHERE hs_object_id = ?"
        self.tables.execute(said, (str(lost), changed, kept))

    def serve(self, asked: Asked) -> Said:
        parts = asked.path.strip("/").split("/")
        if parts[:3] == ["crm", "v3", "properties"]:
            return as_json({"results": [{"name": name, "type": "string"} for name in self.fields_of(parts[3])]})
        if parts[:3] != ["crm", "v3", "objects"] or parts[4:] != ["search"] or asked.method != "POST":
            return as_json({"message": "no such place"}, 404)
        body = asked.json()
        limit, begin = body.get("limit", 10), int(body.get("after", 0))
        if limit > 200 or begin + limit > self.results:
            return as_json({"status": "error", "message": "paging beyond the limit"}, 400)
        where, values = self._where(body["filterGroups"])
        (order,) = body["sorts"]
        way = "DESC" if order["direction"] == "DESCENDING" else "ASC"
        rows = self.select(f"SELECT * FROM {parts[3]} WHERE {where} ORDER BY {order['propertyName']} {way}", values)  # noqa: S608 - a test
        page = rows[begin : begin + min(limit, self.most)]
        results = [
            {"id": str(row["hs_object_id"]), "properties": {n: row[n] for n in body["properties"]}} for row in page
        ]
        return as_json({"total": len(rows), "results": results})

    def _where(self, groups: list[dict[str, Any]]) -> tuple[str, list[object]]:
        (group,) = groups
        parts: list[str] = ["1"]
        values: list[object] = []
        for one in group["filters"]:
            name = one["propertyName"]
            given = one.get("values") or [one["value"]]
            if name.endswith("date"):
                given = [_iso(int(value)) for value in given]
            sign = f"IN ({', '.join('?' * len(given))})" if one["operator"] == "IN" else f"{SIGNS[one['operator']]} ?"
            parts.append(f"{name} {sign}")
            values += [int(v) if name == "hs_object_id" else v for v in given]
        return " AND ".join(parts), values


def _iso(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


class ErpNext(RestStandIn):
    """Lists of 20 unless more is asked for; addresses belong to customers by a table of links within them."""

    login = ("authorization", f"token {TOKEN}")
    main = ("Customer", "name", "customer_name", "modified")
    child = ("Address", "name", "email_id", "modified")

    def begin(self) -> None:
        self.make({"Customer": ("name", "customer_name", "tax_id", "disabled", "modified")})
        self.make({"Address": ("name", "city", "email_id", "modified")})
        self.make({"links": ("parent", "link_doctype", "link_name")})

    def key(self, number: int, letter: str) -> object:
        return f"{letter}-{number:04d}"

    def moment(self, changed: str) -> str:
        return _plain(changed)

    def company(self, number: int, name: str, changed: str) -> None:
        self.put("Customer", self.key(number, "a"), name, None, 0, _plain(changed))

    def contact(self, number: int, of: int, email: str, changed: str) -> None:
        self.put("Address", self.key(number, "c"), "Bonn", email, _plain(changed))
        self.link(number, of)

    def link(self, number: int, of: int) -> None:
        self.put("links", self.key(number, "c"), "Customer", self.key(of, "a"))

    def serve(self, asked: Asked) -> Said:
        kind = asked.path.strip("/").removeprefix("api/resource/")
        if kind.startswith("DocType/"):
            hidden = ("name", "modified")  # every document has them, and no DocType lists them
            names = [name for name in self.fields_of(kind.removeprefix("DocType/")) if name not in hidden]
            return as_json({"data": {"fields": [{"fieldname": name, "fieldtype": "Data"} for name in names]}})
        fields = [re.sub(r"`tab([^`]+)`\.", _table, one) for one in json.loads(asked.query["fields"])]
        where, values = ["1"], []
        for one in json.loads(asked.query["filters"]):
            *table, name, sign, value = one
            given = value if isinstance(value, list) else [value]
            many = f"IN ({', '.join('?' * len(given))})" if sign == "in" else f"{SIGNS[sign]} ?"
            where.append(f"{'links' if table else kind}.{name} {many}")
            values += given
        is_joined = "links." in " ".join([*fields, *where])
        joined = f"{kind} JOIN links ON links.parent = {kind}.name" if is_joined else kind
        shown = ", ".join(name if "." in name else f"{kind}.{name}" for name in fields)
        order = re.sub(r"`tab([^`]+)`", r"\1", asked.query["order_by"])
        sql = f"SELECT {shown} FROM {joined} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608 - a test
        limit, begin = int(asked.query.get("limit_page_length", 20)), int(asked.query.get("limit_start", 0))
        return as_json({"data": self.select(sql, [*values, limit, begin])})


def _table(found: re.Match[str]) -> str:
    return "links." if found[1] == "Dynamic Link" else f"{found[1]}."


def _plain(changed: str) -> str:
    return datetime.fromisoformat(changed).strftime("%Y-%m-%d %H:%M:%S.000000")


class EspoCrm(RestStandIn):
    """Pages of 200 at most; deleted records are in no list."""

    login = ("x-api-key", TOKEN)
    main = ("Account", "id", "name", "modifiedAt")
    child = ("Contact", "id", "emailAddress", "modifiedAt")

    def begin(self) -> None:
        self.make({"Account": ("id", "name", "billingAddressCity", "modifiedAt")})
        self.make({"Contact": ("id", "accountId", "emailAddress", "modifiedAt")})

    def key(self, number: int, letter: str) -> object:
        return f"{letter}{number:04d}"

    def company(self, number: int, name: str, changed: str) -> None:
        self.put("Account", self.key(number, "a"), name, "Bonn", self.moment(changed))

    def contact(self, number: int, of: int, email: str, changed: str) -> None:
        self.put("Contact", self.key(number, "c"), self.key(of, "a"), email, self.moment(changed))

    def serve(self, asked: Asked) -> Said:
        kind = asked.path.strip("/").removeprefix("api/v1/")
        if kind == "Metadata":
            names = self.fields_of(asked.query["key"].split(".")[1])
            return as_json({name: {"type": "varchar"} for name in names if name != "id"})
        if int(asked.query["maxSize"]) > 200:
            return Said(403, PAGE)
        where, values, at = ["1"], list[str](), 0
        while f"where[{at}][type]" in asked.query:
            name, sign = asked.query[f"where[{at}][attribute]"], asked.query[f"where[{at}][type]"]
            given = asked.repeated.get(f"where[{at}][value][]") or [asked.query[f"where[{at}][value]"]]
            where.append(f"{name} " + (f"IN ({', '.join('?' * len(given))})" if sign == "in" else f"{SIGNS[sign]} ?"))
            values += given
            at += 1
        order = f"{asked.query['orderBy']} {asked.query['order']}"
        shown = f"SELECT {asked.query['select']} FROM {kind}"  # noqa: S608 - a test
        rows = self.select(f"{shown} WHERE {' AND '.join(where)} ORDER BY {order}", values)
        begin = int(asked.query["offset"])
        return as_json({"total": len(rows), "list": rows[begin : begin + min(int(asked.query["maxSize"]), self.most)]})


class NetSuite(RestStandIn):
    """SuiteQL with pages that begin at a multiple of their size; a field without a value is left out of its row."""

    main = ("customer", "id", "companyname", "lastmodifieddate")

    def begin(self) -> None:
        self.make({"customer": ("id integer", "companyname", "email", "isinactive", "lastmodifieddate")})
        self.make({"customeraddressbook": ("entity integer", "addressbookaddress integer")})
        self.make({"customeraddressbookentityaddress": ("nkey integer", "city")})
        self.tables.create_function("TO_CHAR", 2, lambda value, _: value)
        self.tables.create_function("TO_DATE", 2, lambda value, _: value)

    def company(self, number: int, name: str, changed: str) -> None:
        self.put("customer", number, name, None, "F", self.moment(changed))

    def contact(self, number: int, of: int, email: str, changed: str) -> None:  # noqa: ARG002 - it has no time
        self.put("customeraddressbook", of, number)
        self.put("customeraddressbookentityaddress", number, email)

    def serve(self, asked: Asked) -> Said:
        if "metadata-catalog" in asked.path:
            return as_json({"properties": {name: {"type": "string"} for name in self.fields_of("customer")}})
        limit, begin = int(asked.query.get("limit", 1_000)), int(asked.query.get("offset", 0))
        if asked.headers.get("prefer") != "transient" or limit > 1_000 or begin % limit:
            return as_json({"title": "Bad Request", "status": 400}, 400)
        rows = self.select(asked.json()["q"])
        page = [{n: str(v) for n, v in row.items() if v is not None} for row in rows[begin : begin + limit]]
        return as_json({"items": page, "hasMore": begin + limit < len(rows), "totalResults": len(rows)})


@contextmanager
def serving(stand_in: RestStandIn) -> Iterator[RestStandIn]:
    with serving_app(stand_in.answer) as stand_in.url:
        yield stand_in
    stand_in.tables.close()
