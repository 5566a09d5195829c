"""`mdm serve`: the feed of changes over HTTP, for programs that have its token; nothing can be written there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final

import typer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mdm.app import open_project, read_feed
from mdm.cli import show
from mdm.cli.options import Folder, settings
from mdm.errors import CursorOutdated, MdmError, SettingsInvalid
from mdm.settings import Secret, read_secret
from mdm.store import Store

HERE: Final = Path()
HOST: Final = "127.0.0.1"
PORT: Final = 8502
PAGE: Final = 500
REFERENCE: Final = "env:MDM_FEED_TOKEN"
SHORTEST: Final = 24
"""Characters of a token: fewer could be guessed."""


def serve_command(
    folder: Folder = HERE,
    token: Annotated[str, typer.Option("--token", help="Where the token stands: env:NAME or file:PATH.")] = REFERENCE,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = HOST,
    port: Annotated[int, typer.Option("--port", help="The port to listen on.")] = PORT,
) -> None:
    """Serve what changed, page by page, to programs: GET /v1/changes?cursor=..."""
    # A second to load, which no other command should wait for.
    import uvicorn  # noqa: PLC0415

    secret = read_secret(token, os.environ)
    if len(secret.reveal()) < SHORTEST:
        raise SettingsInvalid(f"The token has fewer than {SHORTEST} characters.", "Make one with: openssl rand -hex 32")
    project = open_project(folder, settings())
    with project.open_scanned_store() as store:
        show.lines([f"The changes of {folder.resolve().name}: http://{host}:{port}/v1/changes", "Stop it with Ctrl+C."])
        uvicorn.run(feed_app(store, secret), host=host, port=port, log_level="warning", server_header=False)


def feed_app(store: Store, token: Secret) -> Starlette:
    """The feed as an application that any server of ASGI can run."""

    def changes(request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if not (given.startswith("Bearer ") and Secret(given.removeprefix("Bearer ")) == token):
            return _answer({"error": "Send the token: Authorization: Bearer ..."}, 401)
        limit = request.query_params.get("limit", str(PAGE))
        if not (limit.isascii() and limit.isdigit()):
            return _answer({"error": "limit must be a number."}, 400)
        try:
            page = read_feed(store, request.query_params.get("cursor", ""), min(int(limit), 10**6))
        except CursorOutdated as error:
            return _answer({"error": str(error)}, 410)
        except MdmError as error:
            return _answer({"error": str(error)}, 400 if isinstance(error, SettingsInvalid) else 503)
        return _answer({"changes": page.changes, "cursor": page.cursor, "more": page.more}, 200)

    return Starlette(routes=[Route("/v1/changes", changes, methods=["GET"])])


def _answer(said: dict[str, object], status: int) -> Response:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(said, status, headers)
