"""Rules are loaded as they are written, and what is wrong is told with file, line and path."""

from __future__ import annotations

from pathlib import Path

import pytest

from mdm.errors import RulesInvalid
from mdm.records import GOLDEN_ATTRIBUTES
from mdm.rulebook import load_mapping, load_rulebook, rules_hash, shipped_rules

SURVIVORSHIP = f"attributes:\n  - {{attributes: [{', '.join(GOLDEN_ATTRIBUTES)}], rules: [most_recent]}}\n"
SOURCE = "system: crm\npath: accounts.csv\nkey: Id\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "rules" / "sources").mkdir(parents=True)
    for name, text in {
        "mdm.yaml": "version: 1\n",
        "rules/sources/crm.yaml": SOURCE,
        "rules/standardise.yaml": "",
        "rules/match.yaml": "auto_from: 0.9\n",
        "rules/survivorship.yaml": SURVIVORSHIP,
        "rules/publish.yaml": "",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def told(project: Path, **files: str) -> list[str]:
    """What is told about a project after these files (`rules_match` for rules/match.yaml) were rewritten."""
    for name, text in files.items():
        (project / f"{name.replace('__', '/')}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulesInvalid) as caught:
        load_rulebook(project)
    return caught.value.what.splitlines()


def test_a_project_is_loaded(project: Path) -> None:
    place, rulebook = load_rulebook(project)
    assert place.store == "sqlite:///mdm.sqlite"
    assert [source.system for source in rulebook.sources] == ["crm"]
    assert rulebook.match.auto_from == 0.9


def test_sources_are_in_the_order_of_their_names_not_of_their_files(project: Path) -> None:
    (project / "rules/sources/a.yaml").write_text(SOURCE.replace("crm", "zeta"))
    assert [source.system for source in load_rulebook(project)[1].sources] == ["crm", "zeta"]


def test_a_rules_folder_of_another_name_is_found(project: Path) -> None:
    (project / "rules").rename(project / "house rules")
    (project / "mdm.yaml").write_text("rules: house rules\n")
    assert load_rulebook(project)[1].match.auto_from == 0.9


def test_a_stage_without_a_file_takes_the_shipped_rules(project: Path) -> None:
    (project / "rules/match.yaml").unlink()
    assert load_rulebook(project)[1].match.auto_from is None


def test_the_shipped_rules_lie_where_they_are_looked_for() -> None:
    assert (shipped_rules() / "match.yaml").is_file()


def test_a_number_out_of_range_is_told_with_its_line_and_range(project: Path) -> None:
    assert told(project, rules__match="# one\n\nauto_from: 95\n") == [
        "rules/match.yaml:3: auto_from: must be between 0 and 1, is 95"
    ]


def test_a_number_that_is_none_is_told(project: Path) -> None:
    assert told(project, rules__match="block_cap: many") == [
        "rules/match.yaml:1: block_cap: must be a whole number, is many"
    ]


def test_a_misspelt_key_is_told_with_the_nearest_known_one(project: Path) -> None:
    assert told(project, rules__match="auto_form: 0.9") == [
        "rules/match.yaml:1: auto_form: unknown key, did you mean auto_from?"
    ]


def test_a_strange_key_is_told_with_all_known_ones(project: Path) -> None:
    (line,) = told(project, rules__standardise="zzz: 1")
    assert line.endswith("zzz: unknown key, known are version, placeholders, free_mail_domains")


def test_a_missing_key_is_told_at_the_place_where_it_belongs(project: Path) -> None:
    assert told(project, rules__publish="\ntargets:\n  - format: csv\n") == [
        "rules/publish.yaml:3: targets[0].system: is missing"
    ]


def test_a_misspelt_role_is_told_at_its_line(project: Path) -> None:
    assert told(project, rules__sources__crm=SOURCE + "columns:\n  name: A\n  phnoe: B\n") == [
        "rules/sources/crm.yaml:6: columns.phnoe: phnoe is no role, did you mean phone?"
    ]


def test_all_errors_of_all_files_are_told_at_once(project: Path) -> None:
    lines = told(project, mdm="stoer: x", rules__match="auto_from: 95\nauto: perhaps\nblock_cap: 1")
    assert [line.split(": must")[0].split(": unknown")[0] for line in lines] == [
        "mdm.yaml:1: stoer",
        "rules/match.yaml:1: auto_from",
        "rules/match.yaml:2: auto",
        "rules/match.yaml:3: block_cap",
    ]


def test_a_file_that_is_not_there_is_told(project: Path) -> None:
    (project / "mdm.yaml").unlink()
    with pytest.raises(RulesInvalid, match=r"^mdm.yaml: there is no such file"):
        load_rulebook(project)


def test_a_list_where_a_value_belongs_is_told(project: Path) -> None:
    assert told(project, rules__match="model: [a, b]") == ["rules/match.yaml:1: model: must be one value, is a list"]


def test_a_value_where_a_list_belongs_is_told(project: Path) -> None:
    assert told(project, rules__standardise="placeholders: x") == [
        "rules/standardise.yaml:1: placeholders: must be a list, is x"
    ]


def test_a_later_version_of_a_file_is_refused(project: Path) -> None:
    assert told(project, rules__match="version: 2") == ["rules/match.yaml:1: version: must be 1, is 2"]


def test_a_password_in_the_store_url_is_refused_and_not_shown(project: Path) -> None:
    (line,) = told(project, mdm="store: postgresql://u:canary-8c1f@h/d")
    assert "must not hold a password" in line
    assert "canary" not in line


def test_two_files_of_one_system_are_refused(project: Path) -> None:
    assert told(project, rules__sources__other=SOURCE) == [
        "rules/sources/other.yaml:1: system: crm has its rules in crm.yaml already"
    ]


def test_a_target_that_is_no_source_is_told(project: Path) -> None:
    assert told(project, rules__publish="targets: [{system: cmr}]") == [
        "rules/publish.yaml:1: targets[0].system: cmr is no source system, did you mean crm?"
    ]


def test_a_system_in_the_source_order_that_is_no_source_is_told(project: Path) -> None:
    (line,) = told(project, rules__survivorship=SURVIVORSHIP + "source_order: [crm, sap]\n")
    assert line == "rules/survivorship.yaml:3: source_order[1]: sap is no source system, known are crm"


def test_a_system_name_that_would_leave_its_folder_is_refused(project: Path) -> None:
    (line,) = told(project, rules__sources__crm=SOURCE.replace("crm", "../crm"))
    assert "must begin with a letter or digit" in line


def test_review_above_auto_is_refused(project: Path) -> None:
    (line,) = told(project, rules__match="auto_from: 0.5\nreview_from: 0.8")
    assert line == "rules/match.yaml:1: review_from (0.8) must not be above auto_from (0.5)"


def test_a_mapping_is_told_with_the_path_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("sources:\n  - system: a\n    path: b\n")
    with pytest.raises(RulesInvalid) as caught:
        load_mapping(path)
    assert caught.value.what == f"{path.as_posix()}:2: sources[0].key: is missing"


def test_a_system_stands_once_in_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("sources:\n  - {system: a, path: b, key: c}\n  - {system: a, path: b, key: c}\n")
    with pytest.raises(RulesInvalid, match="the source system a stands twice"):
        load_mapping(path)


def test_the_hash_is_the_same_however_the_files_are_written(project: Path) -> None:
    before = rules_hash(load_rulebook(project)[1])
    (project / "rules/match.yaml").write_text('# a comment\nblock_cap: "50"\nauto_from: 9.0e-1\n')
    assert rules_hash(load_rulebook(project)[1]) == before
    assert len(before) == 64


def test_the_hash_changes_with_a_rule(project: Path) -> None:
    before = rules_hash(load_rulebook(project)[1])
    (project / "rules/match.yaml").write_text("auto_from: 0.91\n")
    assert rules_hash(load_rulebook(project)[1]) != before
