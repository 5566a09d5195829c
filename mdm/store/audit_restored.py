"""What a restore leaves when it is killed between its commit and its anchor: the anchor of the store it replaced."""

from __future__ import annotations

import json
from collections.abc import Iterable

from mdm.store.audit_anchor import Anchor
from mdm.store.audit_chain import Entry, seal


def replaced_anchor(entries: Iterable[Entry], key: bytes) -> Anchor | None:
    """The anchor that the last restore found, as its sealed row says; None without a restore, or without an anchor.

    It may still lie beside the store. Then nothing was cut off: the next change writes the anchor anew.
    """
    restores = [e for e in entries if e.action == "restore"]
    if not restores or seal(key, restores[-1]) != restores[-1].hash:
        return None
    before = json.loads(restores[-1].details).get("anchor_before")
    return Anchor(*before) if before else None
