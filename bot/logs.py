"""Logging: to standard error, as text or as JSON lines, never with a secret in it."""

import json
import logging
from datetime import UTC, datetime
from typing import Literal

from bot.slack.client import without_tokens

CHATTY = ("aiohttp", "alembic", "asyncio", "slack_sdk", "uvicorn")
# They warn of what is as it should be: a token that `authorize` overrules, an alarm that rings during a beat.
ANXIOUS = ("apscheduler", "slack_bolt")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name,
            "said": record.getMessage(),
        }
        if record.exc_info:
            facts["trace"] = self.formatException(record.exc_info)
        return without_tokens(json.dumps(facts, ensure_ascii=False))


class Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_tokens(super().format(record))


def set_up_logging(form: Literal["text", "json"], level: int = logging.INFO) -> None:
    handler = logging.StreamHandler()
    text = Text("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    handler.setFormatter(JsonLines() if form == "json" else text)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in ANXIOUS:
        logging.getLogger(name).setLevel(logging.ERROR)
