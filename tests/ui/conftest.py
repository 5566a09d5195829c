"""The desk's pages run in this process, on a project of each test's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui import project

DESK = Path(__file__).parents[2] / "ui" / "desk.py"
SECONDS = 30


class Page:
    """One page of the desk: its widgets, and the texts that its own component was given to draw."""

    def __init__(self, name: str, **query: str) -> None:
        self.app = AppTest.from_file(str(DESK), default_timeout=SECONDS)
        for key, value in query.items():
            self.app.query_params[key] = value
        self.app.switch_page(f"screens/{name}.py")
        self.run()

    def run(self) -> None:
        self.app.run()
        assert not self.app.exception, self.app.exception

    def press(self, key: str) -> None:
        """Click a button."""
        self.app.button(key=key).click()
        self.run()

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return [block for each in self._drawn for block in each.get("blocks", ())] + self._first_case

    @property
    def review(self) -> dict[str, Any]:
        """What the review was given."""
        return next(each for each in self._drawn if "cases" in each)

    @property
    def _drawn(self) -> list[dict[str, Any]]:
        return [json.loads(element.proto.json) for element in self.app.get("bidi_component")]

    @property
    def _first_case(self) -> list[dict[str, Any]]:
        cases = [case for each in self._drawn for case in each.get("cases", ())][:1]
        return [block for case in cases for block in (*case["top"], *case["blocks"])]

    @property
    def texts(self) -> list[str]:
        """Every text that the page draws by itself, in its order."""
        return list(_texts(self.blocks))

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def addresses(self) -> list[str]:
        return list(_values(self.blocks, "to"))

    @property
    def markdown(self) -> str:
        """Everything that Streamlit itself may read as Markdown."""
        app = self.app
        shown = [*app.markdown, *app.title, *app.header, *app.subheader, *app.caption]
        messages = [*app.error, *app.warning, *app.info, *app.success, *app.toast]
        labels = [w.label for w in (*app.button, *app.text_input, *app.selectbox, *app.metric)]
        return "\n".join([*(str(e.value) for e in (*shown, *messages)), *labels])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if len(value) and all(isinstance(x, list) and len(x) == 2 and isinstance(x[1], bool) for x in value):
            yield "".join(text for text, _ in value)
            return
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in {"kind", "to", "note_to", "tone"}:
                yield from _texts(each)


def _values(value: Any, wanted: str) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _values(each, wanted)
    elif isinstance(value, dict):
        if value.get(wanted):
            yield value[wanted]
        for each in value.values():
            yield from _values(each, wanted)


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project.scan_project(project.write_project(tmp_path_factory.mktemp("ui") / "shop"))


@pytest.fixture
def folder(scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scanned project, which the desk is opened on."""
    mine = project.copy_project(scanned, tmp_path / "shop")
    monkeypatch.setenv("MDM_PROJECT", str(mine))
    monkeypatch.setenv("USER", "tester")
    return mine


@pytest.fixture
def opened(folder: Path) -> Callable[..., Page]:  # noqa: ARG001 - the desk finds the folder in the environment
    return Page
