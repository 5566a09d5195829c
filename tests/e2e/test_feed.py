"""`mdm serve`: another program that follows the feed has what the store has, page by page, and writes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from mdm.cli.feed import feed_app
from mdm.settings import Secret
from mdm.store import Store

TOKEN = "a token of many characters, not one"  # noqa: S105 - of the test's own server


@dataclass
class Follower:
    """A program that follows the feed and keeps what it was told."""

    url: str
    cursor: str = ""
    crosswalk: dict[tuple[str, str], str] = field(default_factory=dict)
    golden: dict[str, dict[str, str]] = field(default_factory=dict)
    pages: int = 0

    def ask(self, token: str = TOKEN, **words: Any) -> tuple[int, Any]:
        query = urllib.parse.urlencode(words)
        request = urllib.request.Request(f"{self.url}/v1/changes?{query}", headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - this computer
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - as above
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def follow(self, limit: int = 500) -> list[dict[str, Any]]:
        """All that is there behind the cursor."""
        told = []
        while True:
            status, said = self.ask(cursor=self.cursor, limit=limit)
            assert status == 200, said
            assert len(said["changes"]) <= limit
            self.pages += 1
            self.cursor = said["cursor"]
            told += said["changes"]
            if not said["more"]:
                break
        for change in told:
            self._take(change)
        return told

    def _take(self, change: dict[str, Any]) -> None:
        if change["kind"] == "crosswalk":
            self.crosswalk[change["system"], change["key"]] = change["master_id"]
        elif change["values"] is None:
            del self.golden[change["master_id"]]
        else:
            self.golden[change["master_id"]] = change["values"]


@pytest.fixture
def store(scanned: Any) -> Iterator[Store]:
    with scanned.store() as opened:
        yield opened


@pytest.fixture
def follower(store: Store) -> Iterator[Follower]:
    server = uvicorn.Server(uvicorn.Config(feed_app(store, Secret(TOKEN)), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Follower(f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join()


def golden_of(store: Store) -> dict[str, dict[str, str]]:
    rows = store.read_golden().select("master_id", "body").rows()
    return {master_id: {k: v for k, v in json.loads(body).items() if v is not None} for master_id, body in rows}


def holds(follower: Follower, store: Store) -> None:
    wanted = {(system, key): master_id for system, key, master_id in store.read_crosswalk().iter_rows()}
    assert {record: found for record, found in follower.crosswalk.items() if found is not None} == wanted
    assert follower.golden == golden_of(store)


@pytest.mark.parametrize("limit", [1, 7, 500])
def test_who_follows_the_feed_has_what_the_store_has(follower: Follower, store: Store, limit: int) -> None:
    told = follower.follow(limit)
    holds(follower, store)
    assert len(told) == len(follower.crosswalk) + len(follower.golden)  # each once
    assert follower.pages >= len(told) // limit


def test_when_nothing_changed_nothing_is_told(follower: Follower) -> None:
    follower.follow()
    assert follower.follow() == []


def test_a_merge_is_told_and_nothing_else(follower: Follower, store: Store, scanned: Any) -> None:
    follower.follow()
    win, lose = follower.crosswalk["crm", "A000"], follower.crosswalk["crm", "A001"]
    assert scanned.mdm("merge", win, lose, "--project", scanned.folder).code == 0
    told = follower.follow(1)
    holds(follower, store)
    assert {change.get("master_id") for change in told} == {win, lose}
    assert lose not in follower.golden


def test_what_changes_while_somebody_pages_is_told_after_it(follower: Follower, store: Store, scanned: Any) -> None:
    _, first = follower.ask(limit=3)
    ids = scanned.ids()
    merged = scanned.mdm("merge", ids["crm", "A000"], ids["crm", "A001"], "--project", scanned.folder)
    assert merged.code == 0
    for change in first["changes"]:
        follower._take(change)
    follower.cursor = first["cursor"]
    follower.follow(3)
    assert follower.crosswalk["crm", "A001"] == ids["crm", "A001"]
    follower.follow(3)
    holds(follower, store)


def test_a_record_that_is_gone_is_told_without_an_id(follower: Follower, scanned: Any) -> None:
    follower.follow()
    scanned.world.rows["shop"].pop()
    scanned.world.write()
    scanned.scan()
    told = follower.follow()
    assert [c for c in told if c["kind"] == "crosswalk"] == [
        {"kind": "crosswalk", "system": "shop", "key": "S-15", "master_id": None}
    ]


def test_without_the_token_nothing_is_told(follower: Follower) -> None:
    status, said = follower.ask(token="another")  # noqa: S106 - the wrong one
    assert (status, list(said)) == (401, ["error"])


def test_nothing_can_be_written_there(follower: Follower) -> None:
    request = urllib.request.Request(f"{follower.url}/v1/changes", b"{}", {"Authorization": f"Bearer {TOKEN}"})  # noqa: S310 - this computer
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(request, timeout=20)  # noqa: S310 - as above
    with told.value as answer:
        assert answer.code == 405


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMl0", "bm8", "W251bGxd"])
def test_what_is_no_cursor_is_refused(follower: Follower, cursor: str) -> None:
    status, said = follower.ask(cursor=cursor)
    assert (status, "no cursor" in said["error"]) == (400, True)


def test_a_cursor_of_another_history_is_told_to_begin_anew(follower: Follower) -> None:
    follower.follow()
    cursor = "WzEsICIyMDAxLTAxLTAxVDAwOjAwOjAwKzAwOjAwIl0"  # revision 1 at another time
    status, said = follower.ask(cursor=cursor)
    assert (status, "Begin anew" in said["error"]) == (410, True)


def test_the_command_serves_on_this_computer_and_tells_no_secret(scanned: Any, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("mdm")
    env = {**os.environ, "MDM_FEED_TOKEN": TOKEN}
    command = [program, "serve", scanned.folder, "--port", "0"]
    log = tmp_path / "log"
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out, env=env) as server:  # noqa: S603 - our own command
        deadline = time.monotonic() + 60
        while "Ctrl+C" not in log.read_text(encoding="utf-8"):
            assert server.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline
            time.sleep(0.1)
        server.terminate()
    said = log.read_text(encoding="utf-8")
    assert "http://127.0.0.1:" in said
    assert TOKEN not in said


def test_a_token_that_is_missing_or_short_is_refused(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "MDM_FEED_TOKEN is not set" in scanned.mdm("serve", scanned.folder).words
    monkeypatch.setenv("MDM_FEED_TOKEN", "short")
    ran = scanned.mdm("serve", scanned.folder)
    assert "fewer than 24 characters" in ran.words
    assert ran.code == 2
