"""What is read ahead of time, and kept."""

from __future__ import annotations

import threading

import pytest

from mdm.app.desk_ahead import MOST, Ahead


def noting(read: list[int]) -> Ahead[int, int]:
    def look(key: int) -> int:
        read.append(key)
        return key * 2

    return Ahead(look)


def test_what_was_asked_ahead_is_not_read_again() -> None:
    read: list[int] = []
    ahead = noting(read)
    ahead.ask(3)
    assert ahead.get(3) == ahead.get(3) == 6
    ahead.close()
    assert read == [3]


def test_who_comes_while_it_is_read_waits_for_it() -> None:
    begun, go = threading.Event(), threading.Event()
    read: list[int] = []

    def slow(key: int) -> int:
        begun.set()
        assert go.wait(5)
        read.append(key)
        return key

    ahead = Ahead(slow)
    ahead.ask(1)
    assert begun.wait(5)
    threading.Timer(0.05, go.set).start()
    assert ahead.get(1) == 1
    ahead.close()
    assert read == [1]


def test_what_could_not_be_read_is_tried_again() -> None:
    tries: list[int] = []

    def second(key: int) -> int:
        tries.append(key)
        if len(tries) == 1:
            raise ValueError(key)
        return key

    ahead = Ahead(second)
    with pytest.raises(ValueError, match="7"):
        ahead.get(7)
    assert ahead.get(7) == 7
    ahead.close()


def test_the_longest_unused_is_forgotten() -> None:
    read: list[int] = []
    ahead = noting(read)
    for key in (0, *range(1, MOST), 0, MOST):
        ahead.get(key)
    ahead.get(0)
    ahead.get(1)
    ahead.close()
    assert read == [*range(MOST + 1), 1]
