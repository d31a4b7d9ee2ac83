"""A mail server, a webhook, and an engine whose first line is Luis."""

from collections.abc import Iterator

import pytest

from tests.databases import sqlite_template
from tests.flows.conftest import policy
from tests.integrations.inboxes import Hook, Mailbox, mailbox, webhook

__all__ = ["policy", "sqlite_template"]


@pytest.fixture
def mails() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


@pytest.fixture
def posts() -> Iterator[Hook]:
    with webhook() as opened:
        yield opened
