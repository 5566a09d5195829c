"""When a read over HTTP is asked for again, and how long after."""

from __future__ import annotations

import pytest

from mdm.connect.http_exchange import AskedToWait
from mdm.connect.http_reading import wait_of
from mdm.errors import SystemRefused, SystemSilent


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (AskedToWait("429", wait=7.0), 7.0),
        (AskedToWait("429 and not when"), 10.0),
        (AskedToWait("429 until tomorrow", wait=86_400.0), False),
        (SystemSilent("no answer"), True),
        (SystemRefused("no such place"), False),
        (ValueError("a fault of ours"), False),
    ],
)
def test_a_read_is_asked_for_again_where_that_may_help(error: Exception, wait: float) -> None:
    found = wait_of(error)
    assert (type(found), found) == (type(wait), wait)
