"""The word lists that ship with the tool: `data/*.yaml`, every scalar read as text."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from mdm.rulebook import load_words


@cache
def word_list(name: str) -> Any:  # noqa: ANN401 (each list has its own shape, known to the module that reads it)
    """The content of `data/NAME.yaml`; no, on and 012 stay what they look like, because every scalar is text."""
    text = (files("mdm.standardise") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    return load_words(text)
