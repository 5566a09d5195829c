"""What the tests of Salesforce as a target share: how a plan is made on the stand-in, and the reference client."""

from __future__ import annotations

from typing import Any

import requests
from simple_salesforce import Salesforce as Reference

from mdm.connect import Order, Outcome, Target, Wish, open_target, plan
from mdm.rulebook import TargetRules
from tests.contract.salesforce_server import Salesforce

A, B = "M-0000001-1", "M-0000002-2"
FIELD = "MDM_Id__c"
COLLECTION, QUERY = "composite/sobjects", "/query?"


def reference(crm: Salesforce) -> Reference:
    session = requests.Session()
    session.trust_env = False
    session.verify = crm.certificate
    return Reference(instance_url=crm.url, session_id="token-0", session=session, version="59.0")


def target(url: str, allow: Any = None, field: str = FIELD, **more: Any) -> Target:
    connector = {"type": "salesforce", "url": url, "secret": "env:SF", **more}
    data = {"system": "crm", "crosswalk_field": field, "allow": allow or {}, "connector": connector}
    return open_target(
        TargetRules.model_validate(data), "Id", {"SF": "very secret" if "client_id" in more else "token-0"}
    )


def planned(url: str, wishes: dict[str, str], **more: Any) -> list[Order]:
    """Orders on the state that a plan has read."""
    known = {FIELD: frozenset({None})}
    outcomes = plan(target(url, **more), {key: Wish({FIELD: new}, known) for key, new in wishes.items()})
    assert {outcome.kind for outcome in outcomes.values()} == {"ready"}
    return [Order(key, {FIELD: new}, outcomes[key].says, outcomes[key].token) for key, new in wishes.items()]


def kinds(outcomes: dict[str, Outcome]) -> list[str]:
    return [outcome.kind for outcome in outcomes.values()]
