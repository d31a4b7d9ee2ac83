"""Events of the workspace. Bolt has acknowledged them before they come here."""

from collections.abc import Callable, Mapping

from bot.core.effects import PublishHome
from bot.slack.listeners.asked import Asked


def home_opened(asked: Asked) -> None:
    event = asked.body["event"]
    if event.get("tab") == "home":
        asked.engine.post(PublishHome(person=asked.names.ref(event["user"])))


EVENTS: Mapping[str, Callable[[Asked], None]] = {"app_home_opened": home_opened}
