"""What a page of the desk sends of its own accord: answers, undos, splits, merges and values, each with a number.

A page goes on without waiting and sends again what was not acknowledged, also after it was closed and opened anew. So
a message may arrive several times; its receipt in the store says whether it was carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from mdm.app.deciding import parse_record
from mdm.app.undoing import NOTHING_TOLD, UndoEffect
from mdm.errors import DecisionRefused, SettingsInvalid, StoreRefused
from mdm.records import Receipt
from mdm.report.visible import visible
from mdm.report.words import moment
from mdm.steward import Answer, Said, ordered

if TYPE_CHECKING:
    from mdm.app.desk_cases import Desk

ANSWERED: Final[dict[Answer, str]] = {
    "match": "Match: one customer",
    "do_not_match": "Not a match: two customers",
    "unsure": "Unsure: not linked, not asked about",
}
MOST: Final = 500
"""Messages in one parcel; a page keeps the rest until these are acknowledged."""

LONGEST_REASON: Final = 1_000


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    number: Annotated[int, Field(ge=1)]
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""


class Decide(_Message):
    """An answer on two records; `seen` is the fingerprint of what they said when it was given."""

    kind: Literal["decide"]
    left: str
    right: str
    answer: Answer
    seen: str = ""


class Sent(BaseModel):
    """An earlier message, perhaps of another page."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    sender: str
    number: int


class Undo(_Message):
    """Take back what an earlier message made, or the statement of that number; `confirmed` also what was published."""

    kind: Literal["undo"]
    of: Sent | None = None
    statement: int = 0
    confirmed: bool = False


class Split(_Message):
    """Make some records of a customer a customer of its own."""

    kind: Literal["split"]
    master_id: str
    records: list[str]


class Merge(_Message):
    """Merge `lose` into `win`."""

    kind: Literal["merge"]
    win: str
    lose: str


class Override(_Message):
    """Set a golden value; with `after` only where the answer of that number, of the same page, was recorded."""

    kind: Literal["override"]
    after: int = 0
    master_id: str
    field: str
    value: str


Message = Decide | Undo | Split | Merge | Override


class Parcel(BaseModel):
    """Some messages of one page in the order in which they were given; the page has a random name, `sender`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    sender: Annotated[str, Field(min_length=16, max_length=64)]
    messages: Annotated[list[Annotated[Message, Field(discriminator="kind")]], Field(max_length=MOST)]


_PARCELS: Final = TypeAdapter(list[Parcel])


@dataclass(frozen=True, slots=True)
class Ack:
    """What became of a message. All texts are ready to be shown as plain text.

    `done`: the statement of that number stands for it; not `mine` where somebody else had made it before. `refused`:
    nothing was recorded. `ask`: an undo of what was published, which has to be confirmed; `effect` says what it tells.
    """

    sender: str
    message: int
    outcome: Literal["done", "refused", "ask"]
    told: str
    next_step: str = ""
    statement: int = 0
    mine: bool = True
    effect: UndoEffect = NOTHING_TOLD


def read_parcels(given: object) -> list[Parcel]:
    """Parcels as a browser sent them. Raises SettingsInvalid for anything else: a browser can send what it likes."""
    try:
        return _PARCELS.validate_python(given)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise SettingsInvalid(
            f"The page sent something that the desk does not understand ({visible(where)}).",
            "Reload the page; if it comes again, the desk was updated meanwhile: close all its windows first.",
        ) from error


def deliver(desk: Desk, parcels: Sequence[Parcel], said: Said) -> list[Ack]:
    """Carry out each message that was not carried out before, in order, and acknowledge all of them.

    Raises what the store raises where it cannot be written to: then nothing is acknowledged, and the page tries again.
    """
    return [
        _delivered(desk, message, replace(said, reason=message.reason, receipt=Receipt(parcel.sender, message.number)))
        for parcel in parcels
        for message in parcel.messages
    ]


def _delivered(desk: Desk, message: Message, said: Said) -> Ack:
    receipt = said.receipt
    assert receipt is not None  # noqa: S101 - for the type checker: `deliver` gave it
    before = desk.statement_of(receipt)
    if before is not None:
        return Ack(receipt.sender, receipt.message, "done", "Recorded.", statement=before)
    try:
        return _carried_out(desk, message, said, receipt)
    except (DecisionRefused, SettingsInvalid, StoreRefused) as error:
        if isinstance(error, StoreRefused) and message.kind == "decide":
            raise  # a deed is refused while a scan is at work, an answer never is
        refused = error
    before = desk.statement_of(receipt)
    if before is not None:  # the same message was on its way twice, and the other one was quicker
        return Ack(receipt.sender, receipt.message, "done", "Recorded.", statement=before)
    return Ack(receipt.sender, receipt.message, "refused", visible(refused.what), visible(refused.next_step))


def _carried_out(desk: Desk, message: Message, said: Said, receipt: Receipt) -> Ack:
    match message:
        case Undo():
            return _undone(desk, message, said, receipt)
        case Decide():
            pair = ordered(parse_record(message.left), parse_record(message.right))
            made = desk.statement(desk.decide(message.answer, *pair, said, seen=message.seen))
            told = f"Recorded: {ANSWERED[message.answer]}."
            if made is not None and made.table == "proposal":
                told = f"Proposed: {ANSWERED[message.answer]}. A second person has to confirm it."
        case Split():
            done = desk.split(message.master_id, [parse_record(text) for text in message.records], said)
            told = f"{done.planned.other_id} was split off {done.planned.master_id}."
        case Merge():
            done = desk.merge(message.win, message.lose, said)
            told = f"{done.planned.other_id} was merged into {done.planned.master_id}."
        case Override():
            if message.after and desk.statement_of(replace(receipt, message=message.after)) is None:
                raise DecisionRefused("The value goes with an answer that was not recorded.", "Nothing was set.")
            desk.override(message.master_id, message.field, message.value, said)
            told = f"The {message.field.replace('_', ' ')} of {message.master_id} is set."
    return _told(desk, told, said, receipt)


def _told(desk: Desk, told: str, said: Said, receipt: Receipt) -> Ack:
    number = desk.statement_of(receipt) or 0
    found = desk.statement(number)
    mine = found is None or found.author == said.author
    if found is not None and not mine:
        told = f"{visible(found.author)} had said the same on {moment(found.at)}."
    return Ack(receipt.sender, receipt.message, "done", visible(told), statement=number, mine=mine)


def _undone(desk: Desk, message: Undo, said: Said, receipt: Receipt) -> Ack:
    number = message.statement
    if message.of is not None:
        number = desk.statement_of(Receipt(message.of.sender, message.of.number)) or 0
    if not number:
        raise DecisionRefused("That was not recorded, so there is nothing to take back.", "Look at the pair again.")
    effect = NOTHING_TOLD if message.confirmed else desk.undo_effect(number)
    if effect.told:
        told = "Systems were already told. Taking it back tells them again."
        return Ack(receipt.sender, receipt.message, "ask", told, statement=number, effect=effect)
    desk.undo(number, replace(said, reason=message.reason or "undone at the desk"))
    return Ack(receipt.sender, receipt.message, "done", "Taken back.", statement=desk.statement_of(receipt) or 0)
