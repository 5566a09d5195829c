"""What a page is likely to ask for next, read while somebody looks at the page before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")

MOST: Final = 64


class Ahead(Generic[Key, Found]):
    """The last results of a function, and those it was asked for ahead of time. May be shared between threads.

    A key must say everything that the result depends on. A call that raises is not kept.
    """

    def __init__(self, read: Callable[[Key], Found]) -> None:
        self._read = read
        self._kept: OrderedDict[Key, Future[Found]] = OrderedDict()
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead")

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def get(self, key: Key) -> Found:
        """What the function says of the key; raises what it raises."""
        future, mine = self._place(key)
        if mine:
            self._fill(key, future)
        return future.result()

    def ask(self, key: Key) -> None:
        """Have the key read by the way."""
        future, mine = self._place(key)
        if mine:
            self._pool.submit(self._fill, key, future)

    def _place(self, key: Key) -> tuple[Future[Found], bool]:
        """The result of a key, which may still be on its way, and whether it is the caller's task to fill it."""
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known, False
            future: Future[Found] = Future()
            self._kept[key] = future
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            return future, True

    def _fill(self, key: Key, future: Future[Found]) -> None:
        try:
            future.set_result(self._read(key))
        except BaseException as error:  # noqa: BLE001 - whoever asks for the result is told
            with self._lock:
                self._kept.pop(key, None)
            future.set_exception(error)
