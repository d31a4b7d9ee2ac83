"""The one way in which the sandbox says no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """Slack's answer is `ok: false` with this error; the further keys stand beside it in the answer."""

    def __init__(self, error: str, **further: Any) -> None:
        super().__init__(error)
        self.error = error
        self.further = further
