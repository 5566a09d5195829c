"""Laws of the rulebook: what is written is read again, and no text does worse than be refused."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mdm.errors import RulesInvalid
from mdm.records import GOLDEN_ATTRIBUTES, ROLES, SystemName
from mdm.rulebook import (
    ChildTable,
    FileFormatRules,
    Mapping,
    RoleRule,
    SourceRules,
    dump_mapping,
    dump_source,
    load_mapping,
    load_rulebook,
    rules_hash,
)

SURVIVORSHIP = f"attributes:\n  - {{attributes: [{', '.join(GOLDEN_ATTRIBUTES)}], rules: [most_recent]}}\n"

AMBIGUOUS = [
    "NO",
    "012",
    "22:22",
    "1_000",
    "null",
    "~",
    "- a",
    "a: b",
    "#x",
    "*x",
    "&x",
    "!x",
    "'",
    '"',
    "{}",
    "<<",
    "=",
    "on",
]


def project_in(folder: str) -> Path:
    """A project that lacks only what a law is about."""
    project = Path(folder)
    (project / "rules" / "sources").mkdir(parents=True)
    for name, text in {"mdm": "", "rules/survivorship": SURVIVORSHIP, "rules/publish": ""}.items():
        (project / f"{name}.yaml").write_text(text, encoding="utf-8")
    return project


def texts(least: int = 1) -> SearchStrategy[str]:
    """Text of any characters but the halves of characters, as models hold it: without blanks around it."""
    anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=least, max_size=12).map(str.strip)
    return (anything | st.sampled_from(AMBIGUOUS)).filter(lambda text: len(text) >= least)


def paths() -> SearchStrategy[str]:
    return texts().filter(lambda text: all(c >= " " and c != "\x7f" for c in text))


def names() -> SearchStrategy[SystemName]:
    return st.from_regex(r"\A[a-z0-9][A-Za-z0-9_.-]{0,20}\Z").map(SystemName)


FORMATS = st.builds(
    FileFormatRules,
    type=st.sampled_from([None, "csv", "excel"]),
    separator=st.sampled_from([None, ",", "\t", ";", "|", "'", "#", " "]),
    sheet=st.none() | texts(),
    header_row=st.integers(1, 10**6),
)
CHILDREN = st.builds(
    ChildTable,
    name=texts(),
    path=paths(),
    format=FORMATS,
    on=st.dictionaries(texts(), texts(), min_size=1, max_size=2),
    many=st.booleans(),
    order_by=st.lists(texts(), max_size=2).map(tuple),
)
ROLE_RULES = st.builds(
    RoleRule,
    columns=st.lists(texts(), min_size=1, max_size=3).map(tuple),
    confidence=st.floats(0, 1),
    why=st.just("set by rule") | texts(0),
)
SOURCES = st.builds(
    SourceRules,
    system=names(),
    label=texts(0),
    path=paths(),
    format=FORMATS,
    key=texts(),
    source_column=st.none() | texts(0),
    children=st.lists(CHILDREN, max_size=2, unique_by=lambda child: child.name).map(tuple),
    columns=st.dictionaries(st.sampled_from(ROLES), ROLE_RULES, max_size=4),
    duplicate_free=st.booleans(),
    default_country=st.sampled_from([None, "NO", "DE"]),
    shrink_limit=st.floats(0, 1),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(SOURCES, max_size=3, unique_by=lambda source: source.system))
def test_a_mapping_that_is_written_is_read_as_the_same(sources: list[SourceRules]) -> None:
    mapping = Mapping(sources=tuple(sources))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.yaml"
        path.write_text(dump_mapping(mapping), encoding="utf-8", newline="")
        assert load_mapping(path) == mapping


@settings(max_examples=60, deadline=None)
@given(SOURCES)
def test_a_source_that_is_written_is_read_as_the_same(source: SourceRules) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = project_in(folder)
        (project / "rules" / "sources" / "one.yaml").write_text(dump_source(source), encoding="utf-8", newline="")
        assert load_rulebook(project)[1].sources == (source,)


@settings(max_examples=40, deadline=None)
@given(SOURCES)
def test_what_is_written_twice_is_written_the_same(source: SourceRules) -> None:
    assert dump_source(source) == dump_source(source.model_copy(deep=True))


PIECES = (
    *("sources:", "system: a", "path: b", "key: c", "columns:", "name: ", "version: 1", "auto_from: ", "block_cap: 7"),
    *(
        "\n",
        "  ",
        "- ",
        "? ",
        ": ",
        ",",
        "[",
        "]",
        "{",
        "}",
        "&a",
        "*a",
        "!!int ",
        ">",
        "|",
        '"',
        "'",
        "%",
        "---",
        "...",
    ),
    *("\t", "#", "NO", "95", "\\x", "\ufeff", "\x00"),
)
SNIPPETS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join)


@settings(max_examples=150, deadline=None)
@given(SNIPPETS.map(str.encode) | st.binary(max_size=60))
def test_any_content_is_read_or_refused_and_nothing_else(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.yaml"
        path.write_bytes(content)
        try:
            load_mapping(path)
        except RulesInvalid as error:
            assert all(line.startswith(f"{path.as_posix()}:") for line in error.what.splitlines())  # noqa: PT017  # both ends are allowed


@settings(max_examples=100, deadline=None)
@given(SNIPPETS)
def test_any_rules_of_a_stage_are_read_or_refused_and_nothing_else(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = project_in(folder)
        (project / "rules" / "match.yaml").write_bytes(text.encode("utf-8", "replace"))
        try:
            rulebook = load_rulebook(project)[1]
        except RulesInvalid as error:
            assert "rules/match.yaml" in error.what  # noqa: PT017  # both ends are allowed
        else:
            assert len(rules_hash(rulebook)) == 64
