"""The page of a run: everything is on it, and nothing that was read can act in it."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

import mdm.report
from mdm.records import CROSSWALK, LINKS, STANDARD, STEWARD_PAIRS, conform, empty
from mdm.report import (
    SET_ASIDE,
    Example,
    ExampleLink,
    ExampleRecord,
    Guard,
    InputFile,
    ReportFacts,
    Score,
    StageTime,
    count_figures,
    render_report,
)

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</style></title><script>alert(1)</script>",
    "[click](javascript:alert(1)) ![](https://canary.invalid/x.png)",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; ' &#39;",
]
TAGS_WITHOUT_END = {"meta", "link", "rect", "line", "br"}


class Page(HTMLParser):
    """Tags, attributes and text of a page, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.around: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in TAGS_WITHOUT_END:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        self.around.append(self.open[-1] if self.open else "")

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def facts(text: str = "Muster AG", system: str = "crm") -> ReportFacts:
    """Facts in which every value that comes from outside is `text`."""
    systems = [system, "erp"]
    crosswalk = pl.DataFrame([(s, "1", "M-0000001-1") for s in systems], schema=dict(CROSSWALK), orient="row")
    columns = {name: [[]] * 2 if isinstance(t, pl.List) else [None] * 2 for name, t in STANDARD.items()}
    standard = conform(
        pl.DataFrame(
            {
                **columns,
                "rid": [0, 1],
                "system": systems,
                "key": ["1", "1"],
                "city": ["a", None],
                "invalid_identifiers": [[f"{text}:1", "vat:1"], []],
            },
            schema=dict(STANDARD),
        ),
        STANDARD,
        "test",
    )
    pair = (text, text, text, text, text, text, text, text, 1.0, 0.5, text)
    review = pl.DataFrame([pair], schema=dict(STEWARD_PAIRS), orient="row")
    return ReportFacts(
        title=text,
        run=text,
        date=text,
        figures=count_figures(crosswalk, standard, empty(LINKS), review),
        review=review,
        examples=(
            Example(
                text, text, ("Name", "Place"), (ExampleRecord(text, text, (text, None)),),
                (ExampleLink(text, text, text, 0.999),), (text, None),
            ),
        ),
        guards=(Guard(text, "passed", text), Guard(text, "warned", text), Guard(text, "stopped", text)),
        stages=(StageTime(text, 1.25), StageTime(text, 0)),
        inputs=(InputFile(text, text, "ab" * 32, 3, 2, 1),),
        set_aside=pl.DataFrame([(text, text, text, 1)], schema=dict(SET_ASIDE), orient="row"),
        truth=(Score(text, 0.9, text, 0.8, 0.95), Score(text, 0.9, text)),
        command=text,
        versions=((text, text),),
    )  # fmt: skip


def nothing() -> ReportFacts:
    figures = count_figures(empty(CROSSWALK), empty(STANDARD), empty(LINKS), empty(STEWARD_PAIRS))
    return ReportFacts("Nothing", "1", "today", figures, empty(STEWARD_PAIRS))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_adds_no_tag_and_no_attribute(text: str) -> None:
    harmless, hostile = Page(render_report(facts())), Page(render_report(facts(text, system=text)))
    one, two = (sorted((tag, sorted(attributes)) for tag, attributes in page.tags) for page in (harmless, hostile))
    assert one == two


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_shown_as_it_is(text: str) -> None:
    page = Page(render_report(facts(text, system=text)))
    assert page.texts.count(text) > 20


def test_the_page_runs_nothing_and_asks_for_nothing() -> None:
    page = Page(render_report(facts(HOSTILE[0])))
    assert {"script", "img", "iframe", "object", "form", "base"}.isdisjoint(tag for tag, _ in page.tags)
    addresses = {a[name] for _, a in page.tags for name in ("href", "src", "action") if name in a}
    assert {a for a in addresses if a and not a.startswith("#")} == {"data:,"}
    policy = [m["content"] for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy[0] is not None
    assert policy[0].startswith("default-src 'none';")


def test_the_style_sheet_asks_for_nothing() -> None:
    style = re.sub(r"url\(#\w+\)", "", Path(mdm.report.__file__).with_name("page.css").read_text())
    assert not re.search(r"url\(|@import|expression|http", style)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202eabc\u202c", "⟨U+202E⟩abc⟨U+202C⟩"),
        ("\x1b[31mred\x00\x7f\x85", "␛[31mred␀␡⟨U+0085⟩"),
        ("zero\u200bwidth", "zero⟨U+200B⟩width"),
        ("two\nlines", "two␊lines"),
        ("\u0646\u200c\u0634", "\u0646\u200c\u0634"),
        ("W" * 300, "W" * 300),
        ("W" * 401, "W" * 400 + "… (401 characters)"),
        ("a" + "\u0301" * 30, "a" + "\u0301" * 4 + "⟨…⟩"),
    ],
)
def test_hidden_and_endless_text_is_made_visible(text: str, shown: str) -> None:
    assert Page(render_report(facts(text))).texts.count(shown) > 20


def test_a_name_written_from_right_to_left_turns_only_itself() -> None:
    name = "מאגרי לקוחות"
    page = Page(render_report(facts(name)))
    around = {tag for tag, text in zip(page.around, page.texts, strict=True) if name in text}
    assert around == {"bdi", "title"}


def test_every_table_has_a_caption_and_every_heading_a_scope() -> None:
    html = render_report(facts())
    page = Page(html)
    assert len(page.named("table")) == len(page.named("caption")) > 8
    assert all(a.get("scope") in {"col", "row"} for a in page.named("th"))


def test_every_drawing_has_words_or_is_hidden_from_readers() -> None:
    assert all(a.get("aria-label") or a.get("aria-hidden") for a in Page(render_report(facts())).named("svg"))


def test_there_is_one_main_heading_and_each_link_leads_to_a_part() -> None:
    page = Page(render_report(facts()))
    assert len(page.named("h1")) == 1
    parts = {f"#{a['id']}" for a in page.named("section")}
    assert {a["href"] for a in page.named("a")} == parts


def test_ids_are_unique_and_labels_lead_to_them() -> None:
    page = Page(render_report(facts()))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["aria-labelledby"] for _, a in page.tags if "aria-labelledby" in a} <= set(ids)


def test_a_run_without_records_is_a_whole_page() -> None:
    page = Page(render_report(nothing()))
    assert page.open == []
    assert "There were no records to match." in page.texts


def test_what_is_not_given_is_left_out() -> None:
    page = Page(render_report(nothing()))
    assert {a["id"] for a in page.named("section")} == {"systems", "sizes", "run"}


def test_a_single_system_has_no_overlap() -> None:
    given = facts()
    one = dataclasses.replace(given.figures, systems=given.figures.systems.head(1))
    page = Page(render_report(dataclasses.replace(given, figures=one)))
    assert "overlap" not in {a["id"] for a in page.named("section")}


def test_many_systems_show_the_largest_side_by_side_and_name_the_rest() -> None:
    given = facts()
    names = [f"s{i:02d}" for i in range(25)]
    systems = pl.concat([given.figures.systems.head(1).with_columns(system=pl.lit(name)) for name in names])
    html = render_report(dataclasses.replace(given, figures=dataclasses.replace(given.figures, systems=systems)))
    assert "The 10 largest systems; 15 further ones left out." in html


def test_the_same_facts_give_the_same_page() -> None:
    assert render_report(facts()) == render_report(facts())


def colours(theme: str) -> dict[str, str]:
    style = Path(mdm.report.__file__).with_name("page.css").read_text()
    light, dark = re.findall(r":root \{([^}]*)\}", style)[:2]
    found = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", light))
    return found | dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", dark)) if theme == "dark" else found


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance by WCAG 2.2."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channels(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


def contrast(one: tuple[float, ...], two: tuple[float, ...]) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card"])
@pytest.mark.parametrize("ink", ["ink", "soft", "good", "warn", "stop"])
def test_text_has_the_contrast_of_level_aa(theme: str, ground: str, ink: str) -> None:
    found = colours(theme)
    assert contrast(channels(found[ink]), channels(found[ground])) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_are_readable_on_the_strongest_shade(theme: str) -> None:
    found = colours(theme)
    shade = [0.6 * s + 0.4 * c for s, c in zip(channels(found["shade"]), channels(found["card"]), strict=True)]
    assert contrast(channels(found["ink"]), tuple(shade)) >= 4.5


def test_scores_without_an_interval_have_no_column_for_it() -> None:
    page = render_report(dataclasses.replace(facts(), truth=(Score("F1", 0.9, "all"),)))
    assert "Interval" in render_report(facts())
    assert "Interval" not in page
