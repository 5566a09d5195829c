"""What was read of the pairs that were shown last, so that a decision rests on just that and reads nothing again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from threading import Lock
from typing import Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")

MOST: Final = 512
"""Twenty stewards with two dozen pairs each."""


class Kept(Generic[Key, Found]):
    """The last results of a function that reads several keys at once. May be shared between threads.

    A key must say everything that its result depends on. A call that raises keeps nothing; two calls at once may both
    read the same.
    """

    def __init__(self, read: Callable[[Sequence[Key]], Mapping[Key, Found]]) -> None:
        self._read = read
        self._kept: OrderedDict[Key, Found] = OrderedDict()
        self._lock = Lock()

    def known(self, key: Key) -> Found | None:
        """What the function said of this key, if that is still kept; nothing is read."""
        with self._lock:
            return self._kept.get(key)

    def get(self, keys: Sequence[Key]) -> dict[Key, Found]:
        """What the function says of these keys, as far as it says anything; raises what it raises."""
        with self._lock:
            known = {key: self._kept[key] for key in keys if key in self._kept}
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        known |= self._read(missing) if missing else {}
        with self._lock:
            for key, found in known.items():
                self._kept[key] = found
                self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return {key: known[key] for key in keys if key in known}
