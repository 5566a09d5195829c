"""YAML is read as text with its lines, and its surprises are refused."""

from __future__ import annotations

import time

import pytest

from mdm.rulebook.yaml_tree import Unreadable, read_tree


def reasons(text: str) -> list[str]:
    return [problem.reason for problem in read_tree(text.encode()).problems]


def refusal(content: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_tree(content)
    return caught.value


@pytest.mark.parametrize(
    "text", ["NO", "012", "22:22", "1_000", "1e3", "2024-01-01", "null", "~", "0x1F", "yes", ".inf"]
)
def test_every_value_is_text(text: str) -> None:
    assert read_tree(f"a: {text}".encode()).data == {"a": text}


def test_keys_are_text_too() -> None:
    assert read_tree(b"on: {NO: 1}").data == {"on": {"NO": "1"}}


def test_a_key_without_a_value_counts_as_not_written() -> None:
    assert read_tree(b"a:\nb: 1").data == {"b": "1"}


def test_an_empty_text_in_quotes_is_a_value() -> None:
    assert read_tree(b"a: ''").data == {"a": ""}


def test_a_byte_order_mark_makes_no_difference() -> None:
    assert read_tree(b"\xef\xbb\xbfa: 1").data == {"a": "1"}


def test_an_empty_file_has_no_data() -> None:
    assert read_tree(b"# only a comment\n").data is None


def test_each_place_has_its_line() -> None:
    tree = read_tree(b"a:\n  - x: 1\n\n    y: 2\n")
    assert [tree.line_of(place) for place in [("a",), ("a", 0, "x"), ("a", 0, "y"), ("a", 0, "z")]] == [1, 2, 4, 2]


def test_a_key_that_stands_twice_is_told_with_both_lines() -> None:
    assert reasons("a: 1\nb: 2\na: 3\n") == ["stands twice, in lines 1 and 3"]


def test_the_same_key_in_two_items_is_allowed() -> None:
    assert reasons("- a: 1\n- a: 1\n") == []


def test_an_alias_is_refused() -> None:
    assert reasons("a: &x [1]\nb: *x\n") == ["*x is an alias; write the value itself"]


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!int", "!secret", "!"])
def test_a_tag_is_refused(tag: str) -> None:
    (reason,) = reasons(f"a: {tag} 'x'")
    assert "is not allowed" in reason


def test_an_empty_item_of_a_list_is_told() -> None:
    assert reasons("a:\n  - 1\n  -\n") == ["is empty; write a value or remove the dash"]


def test_a_key_that_is_a_list_is_told() -> None:
    assert reasons("? [a, b]\n: 1\n") == ["a key of the file is no text"]


def test_a_second_document_is_refused() -> None:
    assert "second document" in refusal(b"a: 1\n---\nb: 2\n").reason


def test_a_file_over_a_megabyte_is_refused() -> None:
    assert "1,000,001 bytes" in refusal(b"a" * 1_000_001).reason


def test_text_that_is_not_utf_8_is_refused_with_its_line() -> None:
    error = refusal(b"a: 1\nb: \xfc\n")
    assert (error.line, error.reason) == (2, "the file is not UTF-8; save it as UTF-8")


def test_a_control_character_is_refused_with_its_line() -> None:
    assert refusal(b"a: 1\nb: \x00\n").line == 2


def test_a_tab_as_indentation_is_told_with_the_remedy() -> None:
    error = refusal(b"a:\n\tb: 1\n")
    assert error.line == 2
    assert "not tabs" in error.reason


def test_a_colon_in_a_value_is_told_with_the_remedy() -> None:
    assert "put quotes around" in refusal(b"a: b: c").reason


def test_an_impossible_escape_is_refused() -> None:
    assert "impossible number" in refusal(b'a: "\\UFFFFFFFF"').reason


def test_half_a_character_is_told() -> None:
    assert reasons('a: "\\uD800"') == ["holds half of a character (a surrogate)"]


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"? ", b"- "])
def test_deep_nesting_is_refused_at_once(opening: bytes) -> None:
    started = time.monotonic()
    assert "levels deep" in refusal(opening * 100_000).reason
    assert time.monotonic() - started < 2


def test_an_alias_bomb_costs_nothing() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    assert len(reasons("\n".join(lines))) == 90
