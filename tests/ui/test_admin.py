"""The page of the admin, on a desk without sign-in: whoever uses the computer is its operator."""

from __future__ import annotations

from collections.abc import Callable

from tests.ui.conftest import Page

Opener = Callable[..., Page]


def test_a_role_is_given_and_taken_and_the_audit_below_tells_it(opened: Opener) -> None:
    page = opened("admin")
    assert "Nobody has a role yet." in page.texts
    page.app.text_input(key="user_name").set_value("Ann@example.org")
    page.app.selectbox(key="user_role").set_value("steward")
    page.press("give")
    assert "ann@example.org is steward now." in page.texts
    assert "made a user steward" in page.texts
    assert page.app.text_input(key="user_name").value == ""
    page.press("take")
    assert "ann@example.org has no role any more." in page.texts
    assert "took the role steward from a user" in page.texts


def test_what_is_no_name_is_refused_on_the_page(opened: Opener) -> None:
    page = opened("admin")
    page.press("give")
    assert "This is no user's name." in page.texts


def test_the_audit_is_narrowed_by_who_and_about_what(opened: Opener) -> None:
    page = opened("admin")
    page.app.text_input(key="audit_actor").set_value("nobody")
    page.run()
    assert "No row of the audit fits." in page.texts
    page.app.text_input(key="audit_actor").set_value("")
    page.app.text_input(key="audit_subject").set_value("revision 1")
    page.run()
    assert "1 row" in page.texts


def test_sources_are_listed_with_what_the_last_scan_read(opened: Opener) -> None:
    assert {"crm.csv", "60", "erp.csv", "16"} <= set(opened("admin").texts)


def test_the_desk_says_that_it_listens_here_only_and_that_nobody_signs_in(opened: Opener) -> None:
    assert "listens on this computer only (127.0.0.1)" in opened("overview").text
    assert "nobody signs in" in opened("overview").text.lower()
    assert "Nobody signs in here" in opened("account").text
