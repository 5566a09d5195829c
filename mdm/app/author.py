"""Who is at work: the name that decisions and the audit carry."""

from __future__ import annotations

import getpass
from collections.abc import Mapping


def author(env: Mapping[str, str]) -> str:
    """Who is at work, by the environment, else by the account of the process."""
    named = env.get("USER") or env.get("LOGNAME") or env.get("USERNAME")
    try:
        return named or getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return "steward"
