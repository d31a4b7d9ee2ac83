"""A running sandbox and a client with the bot's token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.build import client, workspace


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with workspace() as running:
        yield running


@pytest.fixture
def api(sandbox: Sandbox) -> WebClient:
    return client(sandbox)
