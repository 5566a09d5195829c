"""Business of a running Tryton, made over its own interface: an order, a shipment and an invoice for each party."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.contract.tryton_server import Tryton

TABLES = ("sale_sale", "sale_line", "stock_shipment_out", "account_invoice", "account_invoice_line")
"""What must have rows, so that it says something when they have not changed."""

PRICE = {"__class__": "Decimal", "decimal": "10.00"}


@dataclass(frozen=True)
class Company:
    """What the documents of a company refer to, by id."""

    company: int
    currency: int
    receivable: int
    revenue: int
    unit: int
    product: int

    @property
    def context(self) -> dict[str, int]:
        return {"company": self.company}


def do_business(tryton: Tryton, parties: Sequence[str]) -> None:
    """An order, a shipment and an invoice for each party, and a tax number for the first."""
    company = _found(tryton)
    for party in map(int, parties):
        address = _one(tryton, "party.address", ["party", "=", party])
        _order(tryton, company, party, address)
        _invoice(tryton, company, party, address)
    tax = {"party": int(parties[0]), "type": "eu_vat", "code": "DE123456788"}
    tryton.call("model.party.identifier.create", [tax], {})


def _found(tryton: Tryton) -> Company:
    currency = _new(tryton, "currency.currency", {"name": "Euro", "code": "EUR", "symbol": "€"})
    own = _new(tryton, "party.party", {"name": "Our own GmbH"})
    company = _new(tryton, "company.company", {"party": own, "currency": currency, "timezone": "Europe/Berlin"})
    admin = _one(tryton, "res.user", ["login", "=", "admin"])
    tryton.call("model.res.user.write", [admin], {"companies": [["add", [company]]], "company": company}, {})
    context = {"company": company}
    kinds = ({"statement": "balance", "receivable": True, "assets": True}, {"statement": "income", "revenue": True})
    options: tuple[dict[str, Any], ...] = ({"reconcile": True, "party_required": True}, {})
    accounts = []
    for name, kind, more in zip(("Receivable", "Revenue"), kinds, options, strict=True):
        kept = _new(tryton, "account.account.type", {"name": name, "company": company, **kind}, context)
        row = {"name": name, "company": company, "type": kept, **more}
        accounts.append(_new(tryton, "account.account", row, context))
    unit = _one(tryton, "product.uom", ["name", "=", "Unit"])
    ware = {"name": "Ware", "type": "goods", "default_uom": unit, "salable": True, "sale_uom": unit}
    template = _new(tryton, "product.template", {**ware, "list_price": PRICE, "products": [["create", [{}]]]}, context)
    product = _one(tryton, "product.product", ["template", "=", template], context)
    return Company(company, currency, accounts[0], accounts[1], unit, product)


def _order(tryton: Tryton, company: Company, party: int, address: int) -> None:
    warehouse = _one(tryton, "stock.location", ["type", "=", "warehouse"])
    fields = ["storage_location", "output_location"]
    (place,) = tryton.call("model.stock.location.read", [warehouse], fields, {})
    line = {"type": "line", "product": company.product, "quantity": 2.0, "unit": company.unit, "unit_price": PRICE}
    sale = {"party": party, "company": company.company, "currency": company.currency, "invoice_address": address}
    sale |= {"shipment_address": address, "warehouse": warehouse, "lines": [["create", [line]]]}
    _new(tryton, "sale.sale", sale, company.context)
    shipment = {"customer": party, "delivery_address": address, "company": company.company, "warehouse": warehouse}
    shipment |= {"warehouse_storage": place["storage_location"], "warehouse_output": place["output_location"]}
    _new(tryton, "stock.shipment.out", shipment, company.context)


def _invoice(tryton: Tryton, company: Company, party: int, address: int) -> None:
    both = {"company": company.company, "currency": company.currency}
    line = {"type": "line", "description": "Ware", "quantity": 2.0, "account": company.revenue, "unit_price": PRICE}
    invoice = {"type": "out", "party": party, "invoice_address": address, "account": company.receivable, **both}
    invoice["journal"] = _one(tryton, "account.journal", ["type", "=", "revenue"], company.context)
    lines = [["create", [{**line, **both}]]]
    _new(tryton, "account.invoice", {**invoice, "lines": lines}, company.context)


def _new(tryton: Tryton, model: str, row: dict[str, Any], context: dict[str, int] | None = None) -> int:
    (made,) = tryton.call(f"model.{model}.create", [row], context or {})
    return int(made)


def _one(tryton: Tryton, model: str, where: list[Any], context: dict[str, int] | None = None) -> int:
    found = tryton.call(f"model.{model}.search", [where], 0, 1, None, context or {})
    return int(found[0])
