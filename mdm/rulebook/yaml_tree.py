"""YAML text as plain data: every value is text, every place has its line, and nothing in it is ever executed.

A rules file is read by its events, not by YAML's own types, so that `NO` stays a country, `012` an id and `22:22` a
time; the models decide what is a number. Aliases, tags, duplicate keys and a second document are refused, because
they only surprise the next reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml import events

from mdm.rulebook.names import show
from mdm.rulebook.problems import Place, Problem, spell

LARGEST: Final = 1_000_000
"""Bytes of the largest rules file that is read."""

DEEPEST: Final = 20
"""Levels of nesting at most; the rules themselves need six."""

Data = str | list["Data"] | dict[str, "Data"] | None
"""Text, lists, mappings; None where nothing was written after a key or a dash."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What a file says, the line of each place, and what is wrong with its form."""

    data: Data
    lines: Mapping[Place, int]
    problems: tuple[Problem, ...]

    def line_of(self, place: Place) -> int:
        """The line of a place, or of the nearest place around it that is written in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


class Unreadable(Exception):  # it is no fault of the program and never leaves this package
    """The text is no YAML; the reason with its line."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def read_tree(content: bytes) -> Tree:
    """The data of one YAML document. Raises Unreadable when its form cannot be told at all."""
    if len(content) > LARGEST:
        raise Unreadable(1, f"the file has {len(content):,} bytes, more than the {LARGEST:,} that are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, "the file is not UTF-8; save it as UTF-8") from None
    builder = _Builder()
    try:
        builder.read(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Unreadable(line, "holds a character that YAML does not allow") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 1, _plain(error)) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # The scanner lets Python's own errors through for impossible numbers in escapes and directives.
        raise Unreadable(builder.line, "an escape or a directive holds an impossible number") from None
    return Tree(builder.data, builder.lines, tuple(builder.problems))


def load_words(text: str) -> Any:  # noqa: ANN401  # each list has its own shape, known to the module that reads it
    """The content of a word list that ships with the tool, every value as text; quick, for its form is tested."""
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506, TID251  # makes text only


def _plain(error: yaml.MarkedYAMLError) -> str:
    """YAML's reason in one line, with the remedies of the three faults that people really meet."""
    reason = " ".join(part for part in (error.context, error.problem) if part)
    if "\\t" in reason:
        return f"{reason}; indent with blanks, not tabs"
    if "mapping values are not allowed" in reason:
        return f"{reason}; put quotes around text that holds a colon and a blank"
    if "block" in reason:
        return f"{reason}; check the indentation, and put quotes around text that begins with a sign"
    return reason


@dataclass(slots=True)
class _Builder:
    data: Data = None
    line: int = 1
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def read(self, stream: Iterator[events.Event]) -> None:
        documents = 0
        for event in stream:
            if isinstance(event, events.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise Unreadable(_line(event), "a second document begins; keep one in a file")
                self.data = self.node(next(stream), stream, ())

    def node(self, event: events.Event, stream: Iterator[events.Event], place: Place) -> Data:
        self.line = _line(event)
        self.lines.setdefault(place, self.line)
        if len(place) > DEEPEST:
            raise Unreadable(self.line, f"is nested more than {DEEPEST} levels deep")
        if isinstance(event, events.AliasEvent):
            self.problems.append(Problem(place, f"*{show(event.anchor)} is an alias; write the value itself"))
            return None
        if isinstance(event, events.ScalarEvent | events.CollectionStartEvent) and event.tag is not None:
            self.problems.append(Problem(place, f"the tag {show(event.tag)} is not allowed; write the value alone"))
        if isinstance(event, events.SequenceStartEvent):
            return self.sequence(stream, place)
        if isinstance(event, events.MappingStartEvent):
            return self.mapping(stream, place)
        return self.scalar(event, place) if isinstance(event, events.ScalarEvent) else None

    def scalar(self, event: events.ScalarEvent, place: Place) -> str | None:
        text = str(event.value)
        if any("\ud800" <= character <= "\udfff" for character in text):
            self.problems.append(Problem(place, "holds half of a character (a surrogate)"))
            return None
        return None if not text and event.style is None else text

    def sequence(self, stream: Iterator[events.Event], place: Place) -> list[Data]:
        items: list[Data] = []
        for event in stream:
            if isinstance(event, events.SequenceEndEvent):
                break
            here = (*place, len(items))
            items.append(self.node(event, stream, here))
            if items[-1] is None and isinstance(event, events.ScalarEvent):
                self.problems.append(Problem(here, "is empty; write a value or remove the dash"))
        return items

    def mapping(self, stream: Iterator[events.Event], place: Place) -> dict[str, Data]:
        """A key without a value counts as not written, so that its default holds."""
        values: dict[str, Data] = {}
        for event in stream:
            if isinstance(event, events.MappingEndEvent):
                break
            key, line = self.key(event, stream, place), _line(event)
            here = (*place, key or "")
            first = self.lines.get(here)
            self.lines.setdefault(here, line)
            value = self.node(next(stream), stream, here)
            if key is not None and first is not None:
                self.problems.append(Problem(here, f"stands twice, in lines {first} and {line}"))
            elif key is not None and value is not None:
                values[key] = value
        return values

    def key(self, event: events.Event, stream: Iterator[events.Event], place: Place) -> str | None:
        if isinstance(event, events.ScalarEvent):
            return self.scalar(event, place) or ""
        self.node(event, stream, (*place, "?"))
        self.problems.append(Problem(place, f"a key of {spell(place) or 'the file'} is no text"))
        return None


def _line(event: events.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
