"""Days and times as people write them, for questions about the past."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from mdm.errors import SettingsInvalid


def parse_moment(text: str) -> datetime:
    """The moment of an ISO date or time; a day alone means its end, a time without a zone is in UTC.

    Raises SettingsInvalid for anything else.
    """
    try:
        found = datetime.combine(date.fromisoformat(text), time.max)
    except ValueError:
        try:
            found = datetime.fromisoformat(text)
        except ValueError as error:
            raise SettingsInvalid(
                f"{text!r} is no date.", "Write it as 2026-05-31, or with a time in UTC as 2026-05-31T14:30."
            ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
