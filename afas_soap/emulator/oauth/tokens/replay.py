"""Replay protection: the ``jti`` of assertions and of DPoP proofs, which is used once and never again."""

from __future__ import annotations

import hashlib
import threading

from afas_soap.emulator.oauth.clock import Clock
from afas_soap.emulator.oauth.refusal import ReplayStoreDown


class ReplayStore:
    """Safe for several threads. While ``down`` is set it cannot tell, and raises ``ReplayStoreDown``."""

    def __init__(self, clock: Clock, *, down: bool = False) -> None:
        self.down = down
        self._clock = clock
        self._lock = threading.Lock()
        self._until: dict[str, float] = {}

    def is_new(self, owner: str, jti: str, until: float) -> bool:
        """Whether ``owner`` uses this ``jti`` for the first time. It is kept until the text it stands in is too old."""
        if self.down:
            raise ReplayStoreDown
        name = hashlib.sha256(f"{len(owner)} {owner} {jti}".encode()).hexdigest()
        now = self._clock()
        with self._lock:
            for old in [key for key, end in self._until.items() if end < now]:
                del self._until[old]
            if name in self._until:
                return False
            self._until[name] = until
        return True
