"""The command `mdm`: parse, call one use case, show what it says. A person never sees a traceback."""

from __future__ import annotations

import io
import os
import sys
import traceback
from typing import Final

import typer

from mdm.cli import show
from mdm.cli.bulk import bulk_app
from mdm.cli.care import audit_command, backup_command, restore_command, verify_command
from mdm.cli.deciding import decide_command, review_command
from mdm.cli.deeds import merge_command, move_command, split_command, undo_command, unmerge_command
from mdm.cli.duplicates import duplicates_command
from mdm.cli.explain import explain_command
from mdm.cli.feed import serve_command
from mdm.cli.files import dedupe_command, init_command
from mdm.cli.identity import crosswalk_command, resolve_command
from mdm.cli.models import label_command, train_command
from mdm.cli.planning import apply_command
from mdm.cli.projects import (
    check_command,
    demo_command,
    evaluate_command,
    export_command,
    scan_command,
    unlock_command,
)
from mdm.cli.publishing import publish_command
from mdm.cli.serving import ui_command
from mdm.cli.statements import override_command, pin_command
from mdm.cli.users import user_app
from mdm.errors import MdmError

INTERRUPTED: Final = 130

app: Final = typer.Typer(
    help="One customer, one id: find the same customer in every CRM and ERP.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("dedupe")(dedupe_command)
app.command("init")(init_command)
app.command("check")(check_command)
app.command("scan")(scan_command)
app.command("apply")(apply_command)
app.command("export")(export_command)
app.command("duplicates")(duplicates_command)
app.command("crosswalk")(crosswalk_command)
app.command("resolve")(resolve_command)
app.command("explain")(explain_command)
app.command("review")(review_command)
app.command("decide")(decide_command)
app.add_typer(bulk_app, name="bulk")
app.command("merge")(merge_command)
app.command("split")(split_command)
app.command("move")(move_command)
app.command("unmerge")(unmerge_command)
app.command("undo")(undo_command)
app.command("override")(override_command)
app.command("pin")(pin_command)
app.command("publish")(publish_command)
app.command("serve")(serve_command)
app.command("evaluate")(evaluate_command)
app.command("label")(label_command)
app.command("train")(train_command)
app.command("demo")(demo_command)
app.command("ui")(ui_command)
app.add_typer(user_app, name="user")
app.command("unlock")(unlock_command)
app.command("audit")(audit_command)
app.command("verify")(verify_command)
app.command("backup")(backup_command)
app.command("restore")(restore_command)


def main() -> None:
    """Run the command line. Exit code 0 when all went well, 1 for a fault of ours, 2 and up for an error's own code."""
    _write_any_text()
    try:
        app(prog_name="mdm")
    except MdmError as error:
        show.failed(error)
        sys.exit(error.exit_code)
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            show.notice("Stopped. Nothing was changed that had not been finished.")
        raise
    except Exception as error:  # noqa: BLE001 - the last place: whatever happened is told as a sentence
        if os.environ.get("MDM_DEBUG"):
            traceback.print_exc()
        show.unexpected(error)
        sys.exit(MdmError.exit_code if isinstance(error, OSError) else 1)


def _write_any_text() -> None:
    """Names of customers are written on every terminal: what its encoding lacks is shown as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
