"""What the system of each file is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from mdm.app.naming import name_systems, parse_system_option
from mdm.errors import InputRefused, SettingsInvalid
from mdm.records import SystemName


def names(*files: str, **given: str) -> list[str]:
    wishes = {Path(f"{file}.csv"): SystemName(name) for file, name in given.items()}
    return [name for _, name in name_systems([Path(file) for file in files], wishes)]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("CRM export (2).csv", "crm_export_2"),
        ("客户.xlsx", "file"),
        ("a/b/KNA1.CSV", "kna1"),
        ("__.csv", "file"),
        (".hidden", "hidden"),
        ("x" * 200 + ".csv", "x" * 56),
    ],
)
def test_a_system_is_named_after_its_file(file: str, name: str) -> None:
    assert names(file) == [name]


def test_files_of_one_name_get_numbers() -> None:
    assert names("a/x.csv", "b/x.csv", "c/X.xlsx") == ["x", "x_2", "x_3"]


def test_a_given_name_comes_first() -> None:
    assert names("a.csv", "b.csv", b="a") == ["a_2", "a"]
    assert names("a.csv", "b.csv", b="A") == ["a_2", "A"]


def test_a_file_given_twice_by_different_paths_is_refused() -> None:
    with pytest.raises(SettingsInvalid, match="given twice"):
        names("a.csv", "x/../a.csv")


def test_two_files_of_one_given_name_are_refused_whatever_the_capitals() -> None:
    with pytest.raises(SettingsInvalid, match="Two files are called system"):
        names("a.csv", "b.csv", a="crm", b="CRM")


@pytest.mark.parametrize("name", ["a\nb.csv", "a\x00.csv", "\udcff.csv", "a\u202eb.csv"])
def test_a_path_that_cannot_be_written_down_is_refused(name: str) -> None:
    with pytest.raises((InputRefused, ValueError)):
        names(name)


def test_a_system_option_is_a_name_and_a_file() -> None:
    assert parse_system_option("crm=a=b.csv") == (Path("a=b.csv"), "crm")


@pytest.mark.parametrize("text", ["crm", "=a.csv", "crm=", "c m=a.csv", "-x=a.csv", "a/b=a.csv", "x" * 65 + "=a.csv"])
def test_a_system_option_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"--system crm=export\.csv"):
        parse_system_option(text)
