"""Calls over JSON-RPC against a server that fails in every way: what each failure is taken for, and how soon."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator

import pytest

from mdm.connect.http_exchange import AskedToWait, LoginLost
from mdm.connect.json_rpc import JsonRpc
from mdm.errors import SystemRefused, SystemSilent
from tests.contract.faulty_http import Faulty, serving


@pytest.fixture
def server() -> Iterator[Faulty]:
    with serving(Faulty()) as faulty:
        yield faulty


def call(server: Faulty, fault: str = "", timeout: float = 10.0) -> object:
    server.faults = [("say", fault)]
    return JsonRpc(server.url, timeout).call("say", [], {})["result"]


def test_an_answer_is_given_out(server: Faulty) -> None:
    assert call(server) == ["fine"]


@pytest.mark.parametrize("fault", ["cut before", "cut after", "500", "502", "504", "409", "412", "408"])
def test_what_may_have_taken_effect_is_silence(server: Faulty, fault: str) -> None:
    with pytest.raises(SystemSilent) as told:
        call(server, fault)
    assert not isinstance(told.value, AskedToWait)


@pytest.mark.parametrize("fault", ["429", "503"])
def test_who_is_asked_to_wait_is_told_how_long(server: Faulty, fault: str) -> None:
    with pytest.raises(AskedToWait) as told:
        call(server, fault)
    assert told.value.wait == 7


@pytest.mark.parametrize("fault", ["page", "403", "404", "405", "302"])
def test_what_is_no_answer_is_refused(server: Faulty, fault: str) -> None:
    with pytest.raises(SystemRefused) as told:
        call(server, fault)
    assert not isinstance(told.value, (SystemSilent, LoginLost))


def test_a_login_that_is_refused_is_told_apart(server: Faulty) -> None:
    with pytest.raises(LoginLost):
        call(server, "401")


def test_an_answer_that_drips_is_given_up_in_time(server: Faulty) -> None:
    began = time.monotonic()
    with pytest.raises(SystemSilent, match="did not end"):
        call(server, "drip", timeout=1.0)
    assert time.monotonic() - began < 4


def test_an_answer_of_100_megabytes_is_not_read(server: Faulty) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(SystemRefused, match="more than 16 MB"):
            call(server, "flood")
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()


def test_a_server_that_is_not_there_is_silence() -> None:
    with pytest.raises(SystemSilent):
        JsonRpc("http://127.0.0.1:1", 2.0).call("say", [], {})
