"""Settings come from the variables given, secrets by reference, and no secret is ever shown."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from mdm.errors import SettingsInvalid
from mdm.settings import Secret, load_settings, read_secret

CANARY = "canary-8c1f"


def test_an_empty_environment_sets_nothing() -> None:
    settings = load_settings({})
    assert (settings.store_url, settings.threads, settings.memory_limit) == (None, None, None)


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load_settings({"MDM_THREADS": " ", "MDM_STORE_URL": ""}) == load_settings({})


def test_the_store_url_is_taken_as_it_is() -> None:
    assert load_settings({"MDM_STORE_URL": "sqlite:///a.sqlite"}).store_url == Secret("sqlite:///a.sqlite")


def test_the_store_url_is_found_in_another_variable() -> None:
    url = f"postgresql://mdm:{CANARY}@db/mdm"
    assert load_settings({"MDM_STORE_URL": "env:DB", "DB": url}).store_url == Secret(url)


def test_the_store_url_is_found_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("sqlite:///b.sqlite\n")
    settings = load_settings({"MDM_STORE_URL": f"file:{tmp_path / 'url'}"})
    assert settings.store_url is not None
    assert settings.store_url.reveal() == "sqlite:///b.sqlite"


def test_what_is_no_store_url_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsInvalid, match="MDM_STORE_URL is no URL") as caught:
        load_settings({"MDM_STORE_URL": CANARY})
    assert CANARY not in str(caught.value)


def test_threads_are_a_number() -> None:
    assert load_settings({"MDM_THREADS": "2"}).threads == 2


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "99999", "٢"])
def test_a_wrong_number_of_threads_is_refused(text: str) -> None:
    with pytest.raises(SettingsInvalid, match="MDM_THREADS must be a whole number"):
        load_settings({"MDM_THREADS": text})


def test_a_memory_limit_is_written_as_duckdb_takes_it() -> None:
    assert load_settings({"MDM_MEMORY_LIMIT": "1.5 GiB"}).memory_limit == "1.5GiB"


@pytest.mark.parametrize("text", ["4", "lots", "0GB", "4GB; drop table x"])
def test_a_wrong_memory_limit_is_refused(text: str) -> None:
    with pytest.raises(SettingsInvalid, match="MDM_MEMORY_LIMIT must be a size"):
        load_settings({"MDM_MEMORY_LIMIT": text})


def test_a_secret_is_never_printed() -> None:
    settings = load_settings({"MDM_STORE_URL": f"postgresql://u:{CANARY}@h/d"})
    assert CANARY not in f"{settings} {settings!r} {[settings.store_url]}"


def test_a_secret_cannot_be_pickled() -> None:
    with pytest.raises(TypeError, match="cannot be serialised"):
        pickle.dumps(Secret(CANARY))


def test_a_secret_cannot_be_written_as_json() -> None:
    with pytest.raises(TypeError):
        json.dumps(Secret(CANARY))


def test_secrets_are_equal_by_value_and_never_equal_to_text() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"


def test_a_reference_to_a_variable_that_is_not_set_names_it() -> None:
    with pytest.raises(SettingsInvalid, match="TOKEN is not set"):
        read_secret("env:TOKEN", {})


def test_a_reference_to_a_missing_file_names_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"missing: cannot be read: No such file"):
        read_secret(f"file:{tmp_path / 'missing'}", {})


def test_a_value_in_place_of_a_reference_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsInvalid, match="by reference only") as caught:
        read_secret(CANARY, {})
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"two\nlines\n", b"\xff\xfe", b"x" * 70_000])
def test_a_file_that_holds_no_single_line_is_no_secret(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s").write_bytes(content)
    with pytest.raises(SettingsInvalid, match="Write the secret alone"):
        read_secret(f"file:{tmp_path / 's'}", {})
