"""The environment is made once, and what stands in its way is said in a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import types
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[3] / "scripts"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[types.ModuleType]:
    """The module scripts/environment.py, at work in an empty checkout whose locks name nothing."""
    spec = spec_from_file_location("environment", SCRIPTS / "environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    locks = {kind: tmp_path / f"{kind}.lock" for kind in module.LOCKS}
    for lock in locks.values():
        lock.write_text("# nothing\n")
    venv = tmp_path / ".venv"
    places = {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "LOG": venv / "log",
        "STAMP": venv / "stamp",
    }
    for name, value in {**places, "LOCKS": locks}.items():
        monkeypatch.setattr(module, name, value)
    return module


def pretend_python(folder: Path, version: str) -> None:
    """A command python3 that says it is of that version, as an old one would: bootstrap.py runs in it."""
    command = folder / "python3"
    command.write_text(
        f"""#!/bin/sh
exec {sys.executable} -c '
import sys
old = type("Version", (tuple,), {{}})(({version.replace(".", ", ")}))
sys.version_info, sys.version, sys.argv = old, "{version} (old)", sys.argv[1:]
if sys.argv[0] == "-c":
    exec(sys.argv[1])
else:
    exec(open(sys.argv[0]).read())
' "$@"
"""
    )
    command.chmod(0o755)


def bootstrap_with_only(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run bootstrap.sh where the commands of that folder, and those of a bare system, are all there is."""
    for name in ("dirname", "sh"):
        (folder / name).symlink_to(str(shutil.which(name)))
    sh = str(shutil.which("sh"))
    return subprocess.run(  # noqa: S603  # a script of our own
        [sh, str(SCRIPTS / "bootstrap.sh"), "run"],
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_is_told_in_a_sentence(tmp_path: Path) -> None:
    pretend_python(tmp_path, "3.9.18")
    ended = bootstrap_with_only(tmp_path)
    assert ended.returncode == 1
    assert "Python 3.9.18 at " in ended.stderr
    assert "is too old: mdm needs Python 3.11 or newer." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_no_python_at_all_is_told_in_a_sentence(tmp_path: Path) -> None:
    ended = bootstrap_with_only(tmp_path)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "No Python was found" in ended.stderr


def test_a_python_without_venv_is_told_which_package_to_install(
    environment: types.ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _: None)
    assert environment.main(["run"]) == 1
    assert "apt install python3-venv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "cause", "step"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk",
            "Free about",
        ),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(...)'",
            "cannot be reached",
            "Check the net",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one", "do not trust"),
        ("ERROR: Could not find a version of x (from versions: none)", "cannot be reached", "Check the network"),
        ("ERROR: Could not find a version of x (from versions: 1.0)", "no ready-made package", "3.11 to 3.14"),
    ],
)
def test_what_pip_says_is_told_with_cause_and_next_step(
    environment: types.ModuleType, said: str, cause: str, step: str
) -> None:
    assert cause in environment.explain(said)
    assert step in environment.explain(said)


def test_an_unknown_failure_is_told_by_the_end_of_what_was_said(environment: types.ModuleType) -> None:
    assert environment.explain("first\n" * 20 + "the reason").endswith("the reason")


def test_a_folder_that_cannot_be_written_is_told(
    environment: types.ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.VENV.write_text("a file where the folder should be")
    assert environment.main(["run"]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_the_environment_is_made_once_and_again_when_the_lock_changes(
    environment: types.ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert environment.main(["run"]) == 0
    assert "is ready" in capsys.readouterr().out
    assert environment.main(["run"]) == 0
    assert capsys.readouterr().out == ""
    environment.LOCKS["run"].write_text("# changed\n")
    assert environment.main(["run"]) == 0
    assert "is ready" in capsys.readouterr().out


def test_the_command_works_from_a_folder_with_blanks(environment: types.ModuleType, tmp_path: Path) -> None:
    root = tmp_path / "a folder with blanks"
    (root / "mdm").mkdir(parents=True)
    (root / "mdm" / "__init__.py").write_text("")
    (root / "mdm" / "cli.py").write_text("def main():\n    print('it works')\n    return 0\n")
    (root / ".venv" / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (root / ".venv" / "bin").mkdir()
    python = root / ".venv" / "bin" / "python"
    python.symlink_to(sys.executable)
    environment.ROOT, environment.VENV, environment.PYTHON = root, root / ".venv", python
    environment.place_command()
    ended = subprocess.run(  # noqa: S603  # a script of our own
        [root / ".venv" / "bin" / "mdm"],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout == "it works\n"
