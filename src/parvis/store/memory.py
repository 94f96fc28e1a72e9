"""What one process remembers of its store between transactions, so that it need not ask again.

A thing is kept with whatever proves that it still holds (a version, a sum of versions): its keeper asks the store for
that much and compares. So nothing here is ever stale, however many processes write. What was kept first goes first.
"""

from collections.abc import Hashable
from typing import Any

MOST_BYTES = 24 << 20


class Memory:
    """Things by key, up to a number of bytes, as their keepers estimate them."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._size = 0
        self._kept: dict[Hashable, tuple[Any, int]] = {}

    def __len__(self) -> int:
        """How many things are kept."""
        return len(self._kept)

    def find(self, key: Hashable) -> Any:
        """What was kept under this key; None when nothing was, or it is forgotten."""
        found = self._kept.get(key)
        return None if found is None else found[0]

    def keep(self, key: Hashable, thing: Any, size: int) -> None:
        """Keep this, of so many bytes, in place of what was there."""
        before = self._kept.pop(key, None)
        self._size += size - (before[1] if before is not None else 0)
        self._kept[key] = thing, size
        while self._size > self._most:
            oldest = next(iter(self._kept))
            self._size -= self._kept.pop(oldest)[1]

    def forget(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._size = 0
