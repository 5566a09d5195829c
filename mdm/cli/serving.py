"""`mdm ui`: the steward's desk, served in this process until somebody stops it."""

from __future__ import annotations

import errno
import os
import signal
import socket
from pathlib import Path
from typing import Annotated, Final

import typer

from mdm.app import open_project
from mdm.cli import show
from mdm.cli.options import settings
from mdm.errors import SettingsInvalid
from mdm.settings import SignIn, load_sign_in

PORT: Final = 8501
HOST: Final = "127.0.0.1"
LOCAL: Final = (HOST, "localhost")
"""Addresses that only this computer reaches."""
DEMO: Final = Path("demo")
SCRIPT: Final = Path(__file__).parents[2] / "ui" / "serve.py"


def ui_command(
    folder: Annotated[
        Path | None, typer.Argument(help="The project's folder.", show_default="this folder, else demo")
    ] = None,
    port: Annotated[int, typer.Option("--port", help="Port on this computer.")] = PORT,
    host: Annotated[str, typer.Option("--host", help="Address to listen on; another one needs sign-in.")] = HOST,
) -> None:
    """Open the steward's desk on 127.0.0.1; where people sign in (docs/sign-in.md), on any address."""
    chosen, sign_in = folder or _nearest(), load_sign_in(os.environ)
    _refuse_open(host, sign_in)
    open_project(chosen, settings())
    _refuse_taken(host, port)
    os.environ["MDM_PROJECT"] = str(chosen.resolve())
    show.lines([_where(chosen.resolve().name, host, port, sign_in), "Stop it with Ctrl+C."])
    try:
        _serve(host, port, sign_in)
    except RuntimeError as error:
        if not isinstance(error.__cause__, KeyboardInterrupt):  # so Streamlit's own command tells of Ctrl+C
            raise
    show.notice("Stopped.")


def _refuse_open(host: str, sign_in: SignIn | None) -> None:
    """Without sign-in whoever reaches the desk would be its operator."""
    if sign_in is None and host not in LOCAL:
        raise SettingsInvalid(
            f"Without sign-in the desk listens on {HOST} only, not on {host[:80]}.",
            "Set up sign-in as docs/sign-in.md says, or leave --host out.",
        )


def _where(name: str, host: str, port: int, sign_in: SignIn | None) -> str:
    if sign_in is None:
        return f"The desk of {name} listens on {HOST} only, without sign-in: http://{HOST}:{port}"
    return f"The desk of {name} listens on {host}, port {port}; people sign in at {sign_in.url}"


def _nearest() -> Path:
    """The project one is in, else the demo."""
    if Path("mdm.yaml").is_file():
        return Path()
    if not DEMO.exists():
        raise SettingsInvalid(
            "This folder is no project, and there is no demo yet to open the desk on.", "Run: mdm ui DIR, or make demo"
        )
    return DEMO


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            raise SettingsInvalid(
                f"Port {port} is in use." if taken else f"Port {port} cannot be used: {error}.",
                "Is the desk open already? Else name another port: mdm ui --port 8502.",
            ) from error


def _serve(host: str, port: int, sign_in: SignIn | None) -> None:
    """Run the server here and not in a process of its own: what the pages need is loaded already."""
    # Both take a second to load, which no other command should wait for.
    from streamlit.web.cli import main as streamlit  # noqa: PLC0415

    import mdm.app.desk  # noqa: F401, PLC0415

    signal.signal(signal.SIGINT, signal.default_int_handler)
    options = {
        "server.address": host,
        "server.port": str(port),
        "server.headless": "true",
        "logger.hideWelcomeMessage": "true",
    }
    names = [*LOCAL, *([sign_in.host] if sign_in else [])]
    arguments = ["run", str(SCRIPT), *(f"--{name}={value}" for name, value in options.items())]
    arguments += [f"--server.allowedHosts={name}" for name in names]
    if sign_in is not None:
        arguments.append(f"--browser.serverAddress={sign_in.host}")
    streamlit(arguments, prog_name="streamlit", standalone_mode=False)
