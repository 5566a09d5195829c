"""`$batch` of OData version 2: many changes in one call, each record's in a changeset of its own.

A changeset takes effect as a whole or not at all; one that is refused stops no other.
"""

from __future__ import annotations

import email
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from typing import Final

from mdm.connect.http_exchange import Reply

LINE: Final = "\r\n"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one entity: POST, PATCH or DELETE of a path below the service."""

    method: str
    path: str
    body: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def write_batch(changesets: Sequence[Sequence[Change]]) -> tuple[str, bytes]:
    """The content type and the body of one call with these changesets."""
    boundary = f"batch_{uuid.uuid4().hex}"
    parts = [_changeset(f"changeset_{uuid.uuid4().hex}", changes) for changes in changesets]
    return f"multipart/mixed; boundary={boundary}", _multipart(boundary, parts).encode()


def read_batch(reply: Reply) -> list[list[Reply]]:
    """What became of each changeset: the answers of its changes, or the one that refused them all.

    Empty where the answer is none of a batch.
    """
    head = f"Content-Type: {reply.headers.get('content-type', '')}\r\n\r\n".encode()
    message = email.message_from_bytes(head + reply.content)
    if message.get_content_type() != "multipart/mixed" or not message.is_multipart():
        return []
    return [[_reply(leaf) for leaf in _leaves(part)] for part in _parts(message)]


def _changeset(boundary: str, changes: Sequence[Change]) -> str:
    parts = [_change(number, change) for number, change in enumerate(changes, start=1)]
    return f"Content-Type: multipart/mixed; boundary={boundary}{LINE}{LINE}{_multipart(boundary, parts)}"


def _change(number: int, change: Change) -> str:
    body = "" if change.body is None else json.dumps(change.body)  # ASCII, so that its length is that of its bytes
    headers = {"Accept": "application/json", **change.headers, "Content-Length": str(len(body))}
    if body:
        headers["Content-Type"] = "application/json"
    outer = ["Content-Type: application/http", "Content-Transfer-Encoding: binary", f"Content-ID: {number}", ""]
    inner = [f"{change.method} {change.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), ""]
    return LINE.join([*outer, *inner, body])


def _multipart(boundary: str, parts: Sequence[str]) -> str:
    return "".join(f"--{boundary}{LINE}{part}{LINE}" for part in parts) + f"--{boundary}--{LINE}"


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _leaves(part: Message) -> list[Message]:
    return _parts(part) if part.is_multipart() else [part]


def _reply(leaf: Message) -> Reply:
    """An answer within an answer; what has no status line is one without a status, which is no success."""
    content = leaf.get_payload(decode=True)
    first, _, rest = (content if isinstance(content, bytes) else b"").partition(b"\r\n")
    words = first.decode("latin-1").split(" ", 2)
    inner = email.message_from_bytes(rest)
    body = inner.get_payload(decode=True)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    said = {name.lower(): value for name, value in inner.items()}
    return Reply(status, said, body.strip() if isinstance(body, bytes) else b"")
