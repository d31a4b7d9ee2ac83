"""Rate limits by tier, as token buckets on the sandbox clock."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL = {"auth.test": 600, "chat.getPermalink": 600, "blocks.validate": 600}
POSTS_PER_MINUTE = 300


@dataclass
class Bucket:
    """`size` calls at once, refilled at `size` per `seconds`."""

    size: float
    seconds: float
    left: float
    at: datetime

    def take(self, now: datetime) -> int:
        """0 and one call less, or the whole seconds to wait."""
        self.left = min(self.size, self.left + (now - self.at).total_seconds() * self.size / self.seconds)
        self.at = now
        if self.left >= 1:
            self.left -= 1
            return 0
        return max(1, math.ceil((1 - self.left) * self.seconds / self.size))


class RateLimiter:
    """Slack limits each method by its tier, and posts to one a second in each channel."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def wait_for(self, method: str, tier: int, channel: str, now: datetime) -> int:
        """Seconds for Retry-After, or 0 when the call may pass."""
        if method == "chat.postMessage":
            wait = self._take(("post", channel), 1, 1, now)
            return wait or self._take((method, ""), POSTS_PER_MINUTE, 60, now)
        return self._take((method, ""), PER_MINUTE.get(tier) or SPECIAL.get(method, 100), 60, now)

    def _take(self, key: tuple[str, str], size: int, seconds: int, now: datetime) -> int:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(size, seconds, size, now)
        return bucket.take(now)
