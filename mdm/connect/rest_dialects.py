"""How each system that answers with pages of JSON is asked, and where in its answer the records are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from mdm.connect.http_reading import Ask
from mdm.connect.rest_question import Condition, Row, Wanted, parted

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of API is spoken.

    `key` is what every object has, and stands once in an answer where `is_once`; where pages `stride` they begin at a
    multiple of their size. `most` is the largest page, `named` how many records one question may name. `rows` finds the
    records in an answer and None where it is none; `about` asks for the fields of an object, which `fields` finds.
    """

    key: str
    is_once: bool
    stride: bool
    most: int
    named: int
    login: Callable[[str], Mapping[str, str]]
    ask: Callable[[Wanted], Ask]
    rows: Callable[[Any], list[Row] | None]
    about: Callable[[str], Ask]
    fields: Callable[[Any], dict[str, str]]


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _records(found: object) -> list[Row] | None:
    is_list = isinstance(found, list) and all(isinstance(row, dict) for row in found)
    return list(found) if is_list and isinstance(found, list) else None


def _member(said: object, name: str) -> Any:  # noqa: ANN401 - whatever the system says
    return said.get(name) if isinstance(said, dict) else None


# HubSpot, CRM API version 3: searches alone, for they can begin behind a key and so pass the 10,000 results of one.


def _ask_hubspot(wanted: Wanted) -> Ask:
    direction = "DESCENDING" if wanted.is_latest_first else "ASCENDING"
    body = {
        "filterGroups": [{"filters": [_hubspot_filter(condition) for condition in wanted.conditions]}],
        "sorts": [{"propertyName": wanted.order, "direction": direction}],
        "properties": list(wanted.columns),
        "limit": wanted.most,
        **({"after": str(wanted.begin)} if wanted.begin else {}),
    }
    return Ask(f"crm/v3/objects/{quote(wanted.object)}/search", JSON, json.dumps(body).encode(), JSON)


def _hubspot_filter(condition: Condition) -> dict[str, object]:
    if condition.sign == "in":
        return {"propertyName": condition.column, "operator": "IN", "values": list(condition.values)}
    (value,) = condition.values
    if condition.sign == "gt":
        return {"propertyName": condition.column, "operator": "GT", "value": value}
    moment = datetime.fromisoformat(value)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return {"propertyName": condition.column, "operator": "GTE", "value": str(int(moment.timestamp() * 1000))}


def _hubspot_rows(said: object) -> list[Row] | None:
    found = _records(_member(said, "results"))
    return (
        None if found is None else [{**(row.get("properties") or {}), "hs_object_id": row.get("id")} for row in found]
    )


def _hubspot_fields(said: object) -> dict[str, str]:
    return {str(row.get("name")): str(row.get("type")) for row in _records(_member(said, "results")) or ()}


# Frappe, which ERPNext is made with: `Child Table.field` in a condition speaks of a table within the document.

FRAPPE_ALWAYS: Final = ("name", "owner", "creation", "modified", "modified_by", "docstatus")


def _ask_frappe(wanted: Wanted) -> Ask:
    fields = [f"`tab{table}`.{name} as {name}" if table else name for table, name in map(parted, wanted.columns)]
    options = {
        "fields": json.dumps(fields),
        "filters": json.dumps([_frappe_filter(condition) for condition in wanted.conditions]),
        "order_by": f"`tab{wanted.object}`.{wanted.order} {'desc' if wanted.is_latest_first else 'asc'}",
        "limit_start": str(wanted.begin),
        "limit_page_length": str(wanted.most),  # without it 20 come and look complete
    }
    return Ask(f"api/resource/{quote(wanted.object)}?{urlencode(options)}")


def _frappe_filter(condition: Condition) -> list[object]:
    table, name = parted(condition.column)
    signs = {"gt": ">", "ge": ">=", "in": "in"}
    values = [_local(value) for value in condition.values] if condition.sign == "ge" else list(condition.values)
    said: list[object] = [name, signs[condition.sign], values if condition.sign == "in" else values[0]]
    return [table, *said] if table else said


def _frappe_fields(said: object) -> dict[str, str]:
    found = {
        str(f.get("fieldname")): str(f.get("fieldtype"))
        for f in _records(_member(_member(said, "data"), "fields")) or ()
    }
    return {**dict.fromkeys(FRAPPE_ALWAYS, "Data"), **found} if found else {}


# EspoCRM


def _ask_espo(wanted: Wanted) -> Ask:
    signs = {"gt": "greaterThan", "ge": "greaterThanOrEquals", "in": "in"}
    options: list[tuple[str, str]] = [
        ("select", ",".join(wanted.columns)),
        ("orderBy", wanted.order),
        ("order", "desc" if wanted.is_latest_first else "asc"),
        ("offset", str(wanted.begin)),
        ("maxSize", str(wanted.most)),
    ]
    for at, condition in enumerate(wanted.conditions):
        options += [(f"where[{at}][type]", signs[condition.sign]), (f"where[{at}][attribute]", condition.column)]
        several = "[]" if condition.sign == "in" else ""
        values = map(_local, condition.values) if condition.sign == "ge" else condition.values
        options += [(f"where[{at}][value]{several}", value) for value in values]
    return Ask(f"api/v1/{wanted.object}?{urlencode(options)}")


def _espo_fields(said: object) -> dict[str, str]:
    found = said.items() if isinstance(said, dict) else ()
    known = {str(name): str(about.get("type", "")) for name, about in found if isinstance(about, dict)}
    return {"id": "id", **known} if known else {}


# NetSuite, SuiteQL over REST: its names are in small letters, its moments are texts that we ask for in one form.

ISO: Final = "YYYY-MM-DD HH24:MI:SS"


def _ask_suiteql(wanted: Wanted) -> Ask:
    shown = [f"TO_CHAR({name}, '{ISO}') AS {name}" if name in wanted.moments else name for name in wanted.columns]
    where = " AND ".join(_suiteql_condition(condition) for condition in wanted.conditions)
    # Children have no key of their own there: by all their columns no two pages differ in the order of alike rows.
    last = "" if wanted.order == "id" else "".join(f", {at}" for at in range(1, len(shown) + 1))
    order = f"{wanted.order} DESC" if wanted.is_latest_first else f"{wanted.order}{last}"
    said = f"SELECT {', '.join(shown)} FROM {wanted.object}{f' WHERE {where}' if where else ''} ORDER BY {order}"  # noqa: S608 - names of checked form, values quoted
    path = f"services/rest/query/v1/suiteql?limit={wanted.most}&offset={wanted.begin}"
    return Ask(path, JSON, json.dumps({"q": said}).encode(), JSON, {"Prefer": "transient"})


def _suiteql_condition(condition: Condition) -> str:
    texts = ["'" + value.replace("'", "''") + "'" for value in condition.values]
    if condition.sign == "in":
        return f"{condition.column} IN ({', '.join(texts)})"
    if condition.sign == "ge":
        return f"{condition.column} >= TO_DATE('{_local(condition.values[0])}', '{ISO}')"
    return f"{condition.column} > {texts[0]}"


def _suiteql_fields(said: object) -> dict[str, str]:
    found = _member(said, "properties")
    found = found.items() if isinstance(found, dict) else ()
    return {name.lower(): str(about.get("type", "")) for name, about in found if isinstance(about, dict)}


def _local(moment: str) -> str:
    return datetime.fromisoformat(moment).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")


DIALECTS: Final[Mapping[str, Dialect]] = {
    "hubspot": Dialect(
        "hs_object_id",
        True,
        False,
        200,
        100,
        _bearer,
        _ask_hubspot,
        _hubspot_rows,
        lambda name: Ask(f"crm/v3/properties/{quote(name)}"),
        _hubspot_fields,
    ),
    "frappe": Dialect(
        "name",
        False,  # an address that is linked twice comes twice
        False,
        1_000,
        50,
        lambda token: {"Authorization": f"token {token}"},
        _ask_frappe,
        lambda said: _records(_member(said, "data")),
        lambda name: Ask(f"api/resource/DocType/{quote(name)}"),
        _frappe_fields,
    ),
    "espocrm": Dialect(
        "id",
        True,
        False,
        200,
        50,
        lambda token: {"X-Api-Key": token},
        _ask_espo,
        lambda said: _records(_member(said, "list")),
        lambda name: Ask(f"api/v1/Metadata?key=entityDefs.{quote(name)}.fields"),
        _espo_fields,
    ),
    "suiteql": Dialect(
        "id",
        False,
        True,
        1_000,
        500,
        _bearer,
        _ask_suiteql,
        lambda said: _records(_member(said, "items")),
        lambda name: Ask(f"services/rest/record/v1/metadata-catalog/{quote(name)}", "application/schema+json"),
        _suiteql_fields,
    ),
}
