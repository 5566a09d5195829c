"""`mdm publish`: plan what each system is told, approve it, send it, and believe only what is read back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from mdm.app.actor import Actor
from mdm.app.project import Project
from mdm.app.rights import Right, permit
from mdm.app.scan import whoever
from mdm.app.target_opening import open_connected
from mdm.connect import Order, Outcome, Target, Wish, apply, blank, plan
from mdm.errors import MdmError, SettingsInvalid, SystemRefused, SystemSilent
from mdm.publish import is_last, next_try
from mdm.rulebook import TargetRules
from mdm.store import Act, Fate, Lease, Letter, Saying, Store

LEASE: Final = timedelta(minutes=10)
"""How long a publisher may take for one call's letters; then another one takes them up."""

ACTS: Final[Mapping[str, Act]] = {
    "ready": Act.APPROVE,
    "confirmed": Act.CONFIRM,
    "conflict": Act.CONFLICT,
    "refused": Act.FAIL,
    "later": Act.PAUSE,
    "silent": Act.WAIT,
}
"""What an outcome means for a letter."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """A project and its store, who publishes, and the clock (ISO text in UTC, to the second).

    `opens` opens a target by its rules.
    """

    project: Project
    store: Store
    env: Mapping[str, str]
    actor: Actor
    clock: Callable[[], str]
    opens: Callable[[Project, TargetRules, Mapping[str, str]], Target] = open_connected

    def said(self, kind: str) -> Saying:
        return Saying(kind, self.actor.name, self.clock(), "")


@dataclass(frozen=True, slots=True)
class Told:
    """What was done about one target: letters by outcome; `where` is what is connected, `fault` what stopped it."""

    system: str
    where: str = ""
    letters: Mapping[str, int] = field(default_factory=dict)
    fault: MdmError | None = None


Step = Literal["hold", "retry", "approve", "send"]


@dataclass(frozen=True, slots=True)
class Published:
    """What each step did: letters held, retried and approved by target; planned and sent with what stopped a target."""

    planned: tuple[Told, ...]
    retried: Mapping[str, int]
    approved: Mapping[str, int]
    sent: tuple[Told, ...]
    held: Mapping[str, int] = field(default_factory=dict)

    @property
    def faults(self) -> list[MdmError]:
        return [told.fault for told in (*self.planned, *self.sent) if told.fault is not None]


def sendable(project: Project, only: str = "") -> list[TargetRules]:
    """The targets that can be sent to: those with a connector, or that one. Raises SettingsInvalid for a wrong name."""
    connected = [target for target in project.rulebook.publish.targets if target.connector is not None]
    chosen = [target for target in connected if only in ("", target.system)]
    if not chosen:
        known = ", ".join(target.system for target in connected)
        what = f"No target with a connector is called {only}." if only else "No target has a connector."
        next_step = (
            f"There are {known}." if known else "Name one in rules/publish.yaml; without it mdm export writes files."
        )
        raise SettingsInvalid(what, next_step)
    return chosen


def publish(publisher: Publisher, targets: Sequence[TargetRules], steps: frozenset[Step]) -> Published:
    """Plan, which writes to no system, and the further steps that are wanted: the others before it, send after it.

    Approved is only what an earlier call has read and shown. One letter that fails stops no other, one system that
    fails no other. Raises NotAllowed: whoever may decide may plan, an approver may do the other steps.
    """
    permit(publisher.actor, Right.APPROVE if steps else Right.DECIDE)
    outbox = publisher.store.outbox
    names = [str(target.system) for target in targets]
    held = {n: outbox.hold(n, publisher.said("hold")) for n in names} if "hold" in steps else {}
    retried = {n: outbox.retry(n, publisher.said("retry")) for n in names} if "retry" in steps else {}
    approved = {n: outbox.approve(n, publisher.said("approve")) for n in names} if "approve" in steps else {}
    outbox.take(names, publisher.clock())
    planned = tuple(_each(publisher, target, _plan) for target in targets)
    ready = [target for target, told in zip(targets, planned, strict=True) if told.fault is None]
    sent = tuple(_each(publisher, target, _send) for target in ready) if "send" in steps else ()
    return Published(planned, retried, approved, sent, held)


def _each(publisher: Publisher, rules: TargetRules, act: Callable[[Publisher, TargetRules, Target], Told]) -> Told:
    """Open a target, see that it can be told what the rules say, and act; what stops that is told, not raised."""
    try:
        target = publisher.opens(publisher.project, rules, publisher.env)
        where = target.check()
        return replace(act(publisher, rules, target), where=where)
    except (SystemRefused, SettingsInvalid) as error:
        return Told(str(rules.system), fault=error)


def _plan(publisher: Publisher, rules: TargetRules, target: Target) -> Told:
    counts: dict[str, int] = {}
    outbox, last = publisher.store.outbox, 0
    while letters := outbox.unread(str(rules.system), target.most, after=last):
        last = letters[-1].id
        outcomes = plan(target, {letter.record: _wish(letter) for letter in letters})
        outbox.note([_noted(letter, outcomes[letter.record]) for letter in letters], publisher.clock())
        _count(counts, outcomes)
    return Told(str(rules.system), letters=counts)


def _send(publisher: Publisher, rules: TargetRules, target: Target) -> Told:
    system = str(rules.system)
    counts: dict[str, int] = {}
    by = f"{whoever()} {uuid.uuid4().hex}"
    while letters := publisher.store.outbox.claim(system, target.most, lease := _lease(by, publisher.clock())):
        try:
            outcomes = apply(target, [_order(letter) for letter in letters])
        except SystemRefused as error:
            # The whole system refuses: that is no fault of these letters, which may have taken effect all the same.
            fates = [Fate(letter.id, Act.WAIT, error.what, tries=0) for letter in letters]
            publisher.store.outbox.complete(system, fates, lease, publisher.said("publish"))
            return Told(system, letters=counts, fault=error)
        said = publisher.said("publish")
        fates = [_fate(letter, outcomes[letter.record], said.at) for letter in letters]
        publisher.store.outbox.complete(system, fates, lease, said)
        _count(counts, outcomes)
        if all(outcome.kind in ("later", "silent") for outcome in outcomes.values()):
            return Told(system, letters=counts, fault=_no_answer(system, outcomes))
    return Told(system, letters=counts)


def _lease(by: str, now: str) -> Lease:
    return Lease(by, now, (datetime.fromisoformat(now) + LEASE).isoformat())


def _wish(letter: Letter) -> Wish:
    """An empty field is nobody else's word, so it is no surprise, whatever the scan saw there."""
    known = {name: frozenset({None, blank(old)}) | letter.accepts[name] for name, (old, _) in letter.fields.items()}
    return Wish({name: new for name, (_, new) in letter.fields.items()}, known)


def _order(letter: Letter) -> Order:
    fields = {name: new for name, (_, new) in letter.fields.items()}
    return Order(letter.record, fields, letter.expects or {}, letter.token, letter.accepts, letter.version)


def _noted(letter: Letter, outcome: Outcome) -> Fate:
    return Fate(letter.id, ACTS[outcome.kind], outcome.told, outcome.says, outcome.token)


def _fate(letter: Letter, outcome: Outcome, now: str) -> Fate:
    """What an outcome means for a letter that was sent; one that never finds an answer is a dead letter at last."""
    act = ACTS[outcome.kind]
    if act is Act.WAIT and is_last(letter.attempts):
        return Fate(letter.id, Act.FAIL, f"No answer in {letter.attempts} attempts; the last: {outcome.told}")
    again = next_try(now, letter.attempts, letter.id, outcome.wait) if act in (Act.PAUSE, Act.WAIT) else ""
    tries = 0 if act is Act.PAUSE else 1
    return Fate(letter.id, act, outcome.told, outcome.says, outcome.token, again, tries)


def _count(counts: dict[str, int], outcomes: Mapping[str, Outcome]) -> None:
    for outcome in outcomes.values():
        counts[outcome.kind] = counts.get(outcome.kind, 0) + 1


def _no_answer(system: str, outcomes: Mapping[str, Outcome]) -> SystemSilent:
    told = next((outcome.told for outcome in outcomes.values() if outcome.told), "no answer")
    return SystemSilent(f"{system}: {told}", "What waits is sent by a later mdm publish --send.")
