"""What the house promises: commands that exist, locks that hold, rules that load, a clean CI entry."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from mdm.rulebook import load_rulebook, shipped_rules

ROOT = Path(__file__).parents[3]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def lines_of(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_every_make_command_of_the_readme_exists() -> None:
    named = set(
        re.findall(r"^\s*(?:\$ )?make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert named
    assert named <= targets()


def test_make_alone_shows_every_target_with_its_purpose() -> None:
    command = ["make", "--no-print-directory"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603  # our own Makefile
    listed = {line.split()[1] for line in shown.splitlines()}
    assert listed == targets() - {"setup-dev"}


def test_the_makefile_uses_nothing_newer_than_make_3_81() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not re.search(r"\.ONESHELL|\$\(file|!=|&:|\$\(intcmp|\$\(let", text)


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_is_pinned_with_hashes(name: str) -> None:
    pins = re.split(r"\n(?=\S)", "\n".join(line for line in lines_of(name) if not line.startswith("#")))
    assert len(pins) > 20
    for pin in pins:
        assert re.match(r"[a-z0-9.-]+==[^ ]+( ; [^\\]+)? \\\n", pin), pin
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", pin), pin


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_no_folder(name: str) -> None:
    assert not [line for line in lines_of(name) if re.search(r"://|^-|/|@", line)]


def test_both_locks_name_the_same_versions() -> None:
    run, dev = ({line.split(" \\")[0] for line in lines_of(name) if "==" in line} for name in LOCKS)
    assert run < dev


def test_every_dependency_is_in_its_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        "requirements.lock": project["dependencies"],
        "requirements-dev.lock": project["optional-dependencies"]["dev"],
    }
    for lock, dependencies in wanted.items():
        pinned = {line.split("==")[0] for line in lines_of(lock)}
        assert {re.split(r"[\[=><]", dependency)[0] for dependency in dependencies} <= pinned


@pytest.mark.parametrize("name", [".ci/run", "scripts/bootstrap.sh"])
def test_what_is_run_by_its_name_is_executable(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def test_ci_runs_what_a_developer_runs() -> None:
    assert "exec make test </dev/null" in lines_of(".ci/run")


@pytest.mark.parametrize("name", ["match", "standardise", "survivorship", "publish"])
def test_the_shipped_rules_have_a_file_for_each_stage(name: str) -> None:
    assert (shipped_rules() / f"{name}.yaml").is_file()


def test_the_shipped_rules_load(tmp_path: Path) -> None:
    (tmp_path / "mdm.yaml").write_text(f"rules: {shipped_rules().as_posix()}\n", encoding="utf-8")
    assert load_rulebook(tmp_path)[1].match.auto


def test_the_rules_of_the_sample_project_load() -> None:
    project, rulebook = load_rulebook(ROOT / "sample_data" / "project")
    assert project.version == 1
    assert len(rulebook.sources) >= 2
