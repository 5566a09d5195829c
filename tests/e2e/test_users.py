"""`mdm user`: roles given and taken on the command line, each change in the audit."""

from __future__ import annotations

from typing import Any


def test_a_role_is_given_listed_changed_and_taken_and_the_audit_tells_all_of_it(scanned: Any) -> None:
    here = ("--project", scanned.folder)
    assert (
        "ann@example.org is viewer." in scanned.mdm("user", "add", "Ann@Example.org", "--role", "viewer", *here).words
    )
    scanned.mdm("user", "add", "ann@example.org", "--role", "steward", *here)
    listed = scanned.mdm("user", "list", "--json", *here).json()
    assert [(user["name"], user["role"]) for user in listed] == [("ann@example.org", "steward")]
    assert "ann@example.org steward" in scanned.mdm("user", "list", *here).words
    assert "is no steward any more" in scanned.mdm("user", "remove", "ann@example.org", *here).words
    audit = scanned.mdm("audit", scanned.folder, "--subject", "user ann@example.org", "--json").json()
    assert [(row["action"], row["details"]["role"]) for row in audit] == [
        ("grant", "viewer"),
        ("grant", "steward"),
        ("revoke", None),
    ]
    assert scanned.mdm("verify", scanned.folder).code == 0


def test_a_role_that_there_is_not_is_refused_and_the_others_are_named(scanned: Any) -> None:
    ran = scanned.mdm("user", "add", "ann@example.org", "--role", "king", "--project", scanned.folder)
    assert ran.code == 2
    assert "There are viewer, steward, approver, admin." in ran.words


def test_a_user_without_a_role_has_none_to_take(scanned: Any) -> None:
    ran = scanned.mdm("user", "remove", "ann@example.org", "--project", scanned.folder)
    assert ran.code == 2
    assert "ann@example.org has no role." in ran.words
