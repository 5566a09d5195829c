"""How the desk is served: its settings are ones Streamlit knows, and nothing in it reads data as Markdown or HTML."""

from __future__ import annotations

import asyncio
import gc
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

from mdm.app.desk import load_sign_in
from mdm.errors import SettingsInvalid
from tests.unit.app.test_rights import SIGN_IN
from ui import memory, serve

UI = Path(__file__).parents[2] / "ui"
SETTINGS = tomllib.loads((UI / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
READS_MARKDOWN = ("markdown", "write", "html", "iframe", "error", "warning", "info", "success", "toast", "header")
PYTHON = sorted(UI.rglob("*.py"))


def flat(table: dict[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= flat(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}": value}
    return found


@pytest.mark.parametrize("option", flat(SETTINGS))
def test_streamlit_knows_every_setting_the_desk_relies_on(option: str) -> None:
    config.get_option(option)


def test_the_hidden_option_that_collects_garbage_after_every_run_is_still_there_and_still_on_by_itself() -> None:
    assert config.get_option("runner.postScriptGC") is True
    assert SETTINGS["runner"]["postScriptGC"] is False


def test_garbage_is_collected_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    collected: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda: collected.append(1))
    rounds = memory.Rounds(last=0.0)
    monkeypatch.setattr(memory, "rounds", lambda: rounds)
    for now in (1.0, 59.0, 61.0, 62.0, 122.0):
        monkeypatch.setattr(memory.time, "monotonic", lambda now=now: now)
        memory.collect_when_due()
    assert len(collected) == 2


def test_the_desk_is_bound_to_this_computer_and_tells_nobody_of_its_use() -> None:
    assert SETTINGS["server"]["address"] == "127.0.0.1"
    assert SETTINGS["server"]["allowedHosts"] == ["127.0.0.1", "localhost"]
    assert SETTINGS["browser"]["gatherUsageStats"] is False
    assert SETTINGS["client"]["showErrorDetails"] == "type"


PARTS = {"mdm.app.desk", "mdm.app.claiming", "mdm.app.cohorts", "mdm.app.proposing"}
"""The desk and its parts that have a page of their own."""


@pytest.mark.parametrize("path", PYTHON, ids=lambda p: p.name)
def test_no_page_hands_data_to_what_reads_markdown_or_html(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "unsafe_allow" not in source
    assert not re.search(
        r"\bst\.(markdown|write|html|iframe|error|warning|info|success|toast|subheader|header)\(", source
    )
    assert not re.search(r"\b(st|left|right)\.\w+\(\s*f[\"']", source)


@pytest.mark.parametrize("path", sorted(UI.glob("*.js")), ids=lambda p: p.name)
def test_the_scripts_of_the_desk_make_text_nodes_only(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "srcdoc"):
        assert word not in source


@pytest.mark.parametrize("path", PYTHON, ids=lambda p: p.name)
def test_the_pages_import_nothing_below_the_desk_but_errors_and_the_vocabulary(path: Path) -> None:
    imported = re.findall(r"^\s*(?:from|import) (mdm[\w.]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(imported) <= PARTS | {"mdm.errors", "mdm.records"}


@pytest.mark.parametrize("address", [None, "0.0.0.0", "10.0.0.1"])  # noqa: S104 - refused
def test_however_it_is_started_nobody_reaches_a_desk_without_sign_in(address: str | None) -> None:
    with pytest.raises(SettingsInvalid, match="Without sign-in"):
        serve.refuse_open(None, address)
    serve.refuse_open(None, "127.0.0.1")
    serve.refuse_open(load_sign_in(SIGN_IN), address)


def test_streamlit_is_told_of_the_provider_by_secrets_that_stand_in_no_file() -> None:
    told = serve.secrets(load_sign_in(SIGN_IN))["auth"]
    assert told["redirect_uri"] == "https://desk.example.org/oauth2callback"
    assert told["server_metadata_url"] == "https://login.example.org/.well-known/openid-configuration"
    assert (told["client_secret"], told["cookie_secret"]) == (SIGN_IN["CLIENT"], SIGN_IN["COOKIE"])
    assert "expose_tokens" not in told


def test_cookies_of_an_encrypted_desk_go_over_encrypted_connections_alone() -> None:
    sent: list[dict[str, Any]] = []
    cookies = [(b"set-cookie", b"_streamlit_user=x; HttpOnly; Path=/"), (b"set-cookie", b"a=b; Secure")]

    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(cookies)})

    async def keep(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(serve.Guarded(answer, encrypted=True)({"type": "http"}, None, keep))  # type: ignore[arg-type]
    found = [value for name, value in sent[0]["headers"] if name == b"set-cookie"]
    assert found == [b"_streamlit_user=x; HttpOnly; Path=/; Secure", b"a=b; Secure"]


def test_every_answer_keeps_other_pages_from_framing_the_desk() -> None:
    sent: list[dict[str, Any]] = []

    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def keep(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(serve.Guarded(answer)({"type": "http"}, None, keep))  # type: ignore[arg-type]
    headers = dict(sent[0]["headers"])
    assert headers[b"x-frame-options"] == b"DENY"
    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
    assert headers[b"referrer-policy"] == b"no-referrer"
