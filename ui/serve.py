"""What `mdm ui` starts: the desk, served with headers that keep other web pages from framing or reading it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware

from mdm.app.desk import SignIn, load_sign_in, share_promptly
from mdm.errors import SettingsInvalid

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL: Final = ("127.0.0.1", "localhost", "::1")
"""Addresses that only this computer reaches."""

HEADERS: Final = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
        "frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    ),
}
"""Streamlit itself needs inline scripts and evaluation; nothing may be loaded from or sent to another address."""


class Guarded:
    """Adds HEADERS to every answer, and lets cookies go over encrypted connections alone where there are any."""

    def __init__(self, app: ASGIApp, *, encrypted: bool = False) -> None:
        self.app = app
        self.encrypted = encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if self.encrypted:
                    self._keep_secure(headers)
            await send(message)

        await self.app(scope, receive, guarded)

    def _keep_secure(self, headers: MutableHeaders) -> None:
        """Cookies go over encrypted connections alone; Streamlit leaves that to us."""
        cookies = headers.getlist("set-cookie")
        del headers["set-cookie"]
        for cookie in cookies:
            headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")


def secrets(sign_in: SignIn | None) -> dict[str, Any]:
    """What Streamlit must know of the provider; it stands in no file."""
    if sign_in is None:
        return {}
    return {
        "auth": {
            "redirect_uri": f"{sign_in.url}/oauth2callback",
            "cookie_secret": sign_in.cookie_secret.reveal(),
            "client_id": sign_in.client_id,
            "client_secret": sign_in.client_secret.reveal(),
            "server_metadata_url": sign_in.provider,
        }
    }


def refuse_open(sign_in: SignIn | None, address: str | None) -> None:
    """Raise SettingsInvalid where others could reach a desk at which nobody signs in."""
    if sign_in is None and address not in LOCAL:
        raise SettingsInvalid(
            f"Without sign-in the desk listens on {LOCAL[0]} only, not on {address or 'every network'}.",
            "Set up sign-in as docs/sign-in.md says, or start it with: mdm ui",
        )


SIGN_IN: Final = load_sign_in(os.environ)


@asynccontextmanager
async def checked(_app: st.App) -> AsyncIterator[None]:
    """Start only where it is safe to, and as what serves many."""
    refuse_open(SIGN_IN, st.get_option("server.address"))
    share_promptly()
    yield


app = st.App(
    "desk.py",
    secrets=secrets(SIGN_IN),
    lifespan=checked,
    middleware=[Middleware(Guarded, encrypted=SIGN_IN is not None and SIGN_IN.is_encrypted)],
)
