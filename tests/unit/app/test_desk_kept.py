"""What was read last is kept, and read together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mdm.app.desk_kept import MOST, Kept


def noting(read: list[Sequence[int]]) -> Kept[int, int]:
    def look(keys: Sequence[int]) -> dict[int, int]:
        read.append(keys)
        return {key: key * 2 for key in keys if key >= 0}

    return Kept(look)


def test_several_keys_are_read_at_once_and_none_of_them_again() -> None:
    read: list[Sequence[int]] = []
    kept = noting(read)
    assert kept.get([1, 2, 1]) == {1: 2, 2: 4}
    assert kept.get([2, 3]) == {2: 4, 3: 6}
    assert read == [[1, 2], [3]]


def test_a_key_that_nothing_is_said_of_is_left_out() -> None:
    assert noting([]).get([-1, 5]) == {5: 10}


def test_what_could_not_be_read_is_tried_again() -> None:
    tries: list[Sequence[int]] = []

    def second(keys: Sequence[int]) -> dict[int, int]:
        tries.append(keys)
        if len(tries) == 1:
            raise ValueError(keys)
        return dict.fromkeys(keys, 0)

    kept = Kept(second)
    with pytest.raises(ValueError, match="7"):
        kept.get([7])
    assert kept.get([7]) == {7: 0}


def test_those_asked_for_longest_ago_make_room() -> None:
    read: list[Sequence[int]] = []
    kept = noting(read)
    kept.get([0])
    kept.get(range(1, MOST + 1))
    kept.get([MOST])
    kept.get([0])
    assert read[-1] == [0]
    assert len(read) == 3
