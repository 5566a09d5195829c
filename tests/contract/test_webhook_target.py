"""Signed webhooks: a receiver checks them with the library of the standard, and takes each change once by its id."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from mdm.connect import Order, Outcome, Target, apply, open_target
from mdm.errors import SettingsInvalid, SystemRefused
from mdm.rulebook import TargetRules
from tests.contract.faulty_http import Faulty, serving
from tests.contract.stand_in import Asked, Said, serving_app

A, B = "M-0000001-1", "M-0000002-2"
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@dataclass
class Receiver:
    """Somebody who checks signatures, takes each change once, and cannot bear one of them."""

    url: str = ""
    calls: list[Asked] = field(default_factory=list)
    posts: int = 0
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Said:
        self.posts += 1
        self.calls.append(asked)
        said = Webhook(SECRET).verify(asked.body, dict(asked.headers))
        if any(change["key"] == "poison" for change in said["changes"]):
            return Said(422)
        self.taken |= {change["id"]: change for change in said["changes"]}
        return Said(204)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    with serving_app(made.answer) as url:
        made.url = url
        yield made


@pytest.fixture
def faulty(receiver: Receiver) -> Iterator[Faulty]:
    with serving(Faulty(receiver.url)) as between:
        yield between


def target(url: str, secret: str = SECRET) -> Target:
    connector = {"type": "webhook", "url": f"{url}/customers", "secret": "env:HOOK", "timeout": 2}
    data = {"system": "shop", "crosswalk_field": "MDM_ID", "connector": connector}
    return open_target(TargetRules.model_validate(data), "id", {"HOOK": secret})


def order(key: str, new: str = A, version: int = 1) -> Order:
    return Order(key, {"MDM_ID": new}, {"MDM_ID": None}, version=version)


def kinds(outcomes: dict[str, Outcome]) -> list[str]:
    return [outcome.kind for outcome in outcomes.values()]


def test_changes_are_posted_in_one_call_with_a_signature_that_holds(receiver: Receiver) -> None:
    assert kinds(apply(target(receiver.url), [order("Müller"), order("2", B, 7)])) == ["confirmed", "confirmed"]
    assert receiver.posts == 1
    assert receiver.taken == {
        "shop:Müller:1": {"id": "shop:Müller:1", "key": "Müller", "version": 1, "fields": {"MDM_ID": A}},
        "shop:2:7": {"id": "shop:2:7", "key": "2", "version": 7, "fields": {"MDM_ID": B}},
    }


def test_a_body_that_somebody_changed_does_not_fit_its_signature(receiver: Receiver) -> None:
    apply(target(receiver.url), [order("1")])
    (call,) = receiver.calls
    forged = call.body.replace(A.encode(), B.encode())
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(forged, dict(call.headers))


@pytest.mark.parametrize("fault", ["cut after", "500 after", "504 after", "drip after"])
def test_a_change_whose_answer_is_lost_comes_again_under_its_id(receiver: Receiver, faulty: Faulty, fault: str) -> None:
    faulty.faults = [("customers", fault)]
    assert kinds(apply(target(faulty.url), [order("1")])) == ["silent"]
    assert kinds(apply(target(faulty.url), [order("1")])) == ["confirmed"]
    assert list(receiver.taken) == ["shop:1:1"]
    assert receiver.posts == 2
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1


def test_a_change_that_cannot_be_borne_stops_no_other(receiver: Receiver) -> None:
    outcomes = apply(target(receiver.url), [order("1"), order("poison"), order("2")])
    assert kinds(outcomes) == ["confirmed", "refused", "confirmed"]
    assert sorted(receiver.taken) == ["shop:1:1", "shop:2:1"]


def test_who_is_asked_to_wait_waits(receiver: Receiver, faulty: Faulty) -> None:
    faulty.faults = [("customers", "429")]
    (outcome,) = apply(target(faulty.url), [order("1")]).values()
    assert (outcome.kind, outcome.wait, receiver.posts) == ("later", 7, 0)


@pytest.mark.parametrize("fault", ["page", "401", "403", "302", "flood"])
def test_what_is_no_yes_stops_the_system(faulty: Faulty, fault: str) -> None:
    faulty.faults = [("customers", fault)]
    with pytest.raises(SystemRefused):
        apply(target(faulty.url), [order("1")])


@pytest.mark.parametrize("secret", ["whsec_c2hvcnQ=", "plain words", "whsec_***"])
def test_a_weak_secret_is_refused_without_being_told(secret: str) -> None:
    with pytest.raises(SettingsInvalid) as told:
        target("http://127.0.0.1:1", secret)
    assert secret not in str(told.value)


def test_the_secret_is_in_nothing_that_is_sent(receiver: Receiver) -> None:
    apply(target(receiver.url), [order("1")])
    (call,) = receiver.calls
    assert SECRET not in json.dumps([*call.headers.values(), call.body.decode()])
