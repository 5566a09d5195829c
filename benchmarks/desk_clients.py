"""Stewards at the desk without a browser: `python benchmarks/desk_clients.py URL STARTS`; used by bench_ui.py.

Each speaks Streamlit's protocol over a web socket as the review page does: it is given pairs, decides one every few
seconds, takes some back, and sends some of what it sends twice, as a page does that was not answered. STARTS is a JSON
file with a pair for each. Prints as JSON how long answers took, what was decided and how many statements that makes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

COMPONENT: Final = "mdm_review"
AHEAD: Final = 6
ARRIVED: Final = 5
"""All have arrived after this part of the time."""

TOGETHER: Final = 4
"""Pairs that are claimed at once, when fewer than two of the next are, as the page does."""

UNDONE: Final = 0.15
TWICE: Final = 0.2
"""Shares of the answers that are taken back, and of the parcels that are sent a second time."""


@dataclass
class Steward:
    """One page of the review, and what came of it."""

    url: str
    start: tuple[str, str]
    chance: random.Random
    socket: Any = None
    element: str = ""
    fragment: str = ""
    script: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, ForwardMsg] = field(default_factory=dict)
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    queue: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    number: int = 0
    round: int = 0
    milliseconds: list[float] = field(default_factory=list)
    standing: dict[str, str] = field(default_factory=dict)
    statements: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return urlencode({"left": self.start[0], "right": self.start[1]})

    @property
    def sender(self) -> str:
        return f"{abs(hash(self.start)):032x}"

    async def work(self, seconds: float, think: float) -> None:
        until = time.monotonic() + seconds
        await asyncio.sleep(self.chance.uniform(0, seconds / ARRIVED))
        where = self.url.replace("http://", "ws://") + "/_stcore/stream"
        async with websockets.connect(where, subprotocols=["streamlit"], max_size=None, origin=self.url) as socket:  # type: ignore[arg-type]
            self.socket = socket
            await self.run(ClientState(query_string=self.address, page_name="pair"))
            self.queue = [self.data["where"]["start"], *self.data["queue"]]
            while time.monotonic() < until and self.queue:
                await self.answer()
                await asyncio.sleep(self.chance.uniform(0.5, 1.5) * think)

    async def answer(self) -> None:
        name = self.queue.pop(0)
        case = self.cases[name]
        answer = self.chance.choice(["match", "do_not_match", "unsure"])
        said = {"kind": "decide", "left": case["left"], "right": case["right"], "answer": answer, "seen": case["seen"]}
        messages = [self.numbered(said)]
        self.statements += 1
        if self.chance.random() < UNDONE:
            messages.append(self.numbered({"kind": "undo", "of": {"sender": self.sender, "number": self.number}}))
            self.statements += 1
        else:
            self.standing[name] = answer
        asked: dict[str, Any] = {"parcels": [{"sender": self.sender, "messages": messages}], "have": list(self.cases)}
        if len(self.queue) < AHEAD:
            asked["behind"] = self.queue[-1]
        near = self.queue[:TOGETHER]
        if not set(near[:2]) <= set(self.held):
            asked |= {"hold": near, "leave": [other for other in self.held if other not in (name, *near)]}
            self.held = near
        since = time.perf_counter()
        await self.ask(asked)
        while self.data["problem"]:  # nothing was acknowledged, so all of it is sent again, as the page does
            self.problems.append(f"{self.data['problem']['told']} {self.data['problem']['next']}")
            await asyncio.sleep(1)
            await self.ask(asked)
        self.milliseconds.append(1000 * (time.perf_counter() - since))
        refused = [ack for ack in self.data["acks"] if ack["outcome"] != "done"]
        if refused or len(self.data["acks"]) != len(messages):
            raise SystemExit(f"Not acknowledged: {refused or messages}")
        if self.chance.random() < TWICE:
            await self.ask({**asked, "behind": None})

    def numbered(self, message: dict[str, Any]) -> dict[str, Any]:
        self.number += 1
        return {"number": self.number, **message}

    async def ask(self, value: dict[str, Any]) -> None:
        self.round += 1
        sent = json.dumps([{"event": "sent", "value": {**value, "round": self.round}}])
        states = [
            WidgetState(id=self.element, json_value="{}"),
            WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{self.element}__events", json_trigger_value=sent),
        ]
        state = ClientState(query_string=self.address, page_script_hash=self.script, fragment_id=self.fragment)
        state.widget_states.CopyFrom(WidgetStates(widgets=states))
        await self.run(state)
        if self.data["round"] != self.round:
            raise SystemExit(f"Asked for {self.round}, was given {self.data['round']}")
        if value.get("behind") and self.data["queue"]:
            self.queue += [name for name in self.data["queue"] if name not in self.queue and name in self.cases]

    async def run(self, state: ClientState) -> None:
        """Have the script run, and take in what it sends until it has finished."""
        await self.socket.send(BackMsg(rerun_script=state).SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(await self.socket.recv())
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                message = self.kept[message.ref_hash]
                kind = message.WhichOneof("type")
            elif message.hash:
                self.kept[message.hash] = message
            if kind == "new_session":
                self.script = message.new_session.page_script_hash
            elif kind == "delta" and message.delta.new_element.bidi_component.component_name == COMPONENT:
                self.take(message)
            elif kind == "script_finished":
                return

    def take(self, message: ForwardMsg) -> None:
        drawn = message.delta.new_element.bidi_component
        self.element, self.fragment = drawn.id, message.delta.fragment_id or self.fragment
        self.data = json.loads(drawn.json)
        self.cases |= {case["id"]: case for case in self.data["cases"]}


async def all_of(stewards: list[Steward], options: argparse.Namespace) -> None:
    await asyncio.gather(*[steward.work(options.seconds, options.think) for steward in stewards])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("starts", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=3, help="seconds between two answers of a steward, on average")
    options = parser.parse_args()
    starts = [tuple(pair) for pair in json.loads(options.starts.read_text(encoding="utf-8"))]
    stewards = [Steward(options.url, start, random.Random(n)) for n, start in enumerate(starts)]  # noqa: S311 - a seeded load
    asyncio.run(all_of(stewards, options))
    told = {
        "milliseconds": [ms for steward in stewards for ms in steward.milliseconds],
        "standing": {name: answer for steward in stewards for name, answer in steward.standing.items()},
        "statements": sum(steward.statements for steward in stewards),
        "problems": [problem for steward in stewards for problem in steward.problems],
        "runs": sum(steward.round + 1 for steward in stewards),
    }
    json.dump(told, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
