"""What Baton listens to. Each listener does one short transaction and then acknowledges."""

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.slack.ids import Button
from bot.slack.listeners.actions import BUTTONS, clicked, unknown
from bot.slack.listeners.asked import Asked
from bot.slack.listeners.commands import COMMANDS
from bot.slack.listeners.events import EVENTS
from bot.slack.listeners.shortcuts import SHORTCUTS, used
from bot.slack.listeners.submissions import FORMS, sent
from bot.slack.names import Names
from bot.slack.socket import ENVELOPE

if TYPE_CHECKING:
    from bot.engine.engine import Engine

ANYTHING = re.compile(".*")
Listener = Callable[..., None]


def listen(app: App, engine: "Engine", names: Callable[[], Names]) -> None:
    """Registers a listener for every id; `names` gives the people as they are known at the moment."""

    def with_asked(hear: Callable[[Asked], None]) -> Listener:
        def listener(body: dict[str, Any], ack: Ack, respond: Respond, client: WebClient, context: BoltContext) -> None:
            hear(Asked(engine, names(), body, ack, respond, client, context.get(ENVELOPE)))

        return listener

    for command, answer in COMMANDS.items():
        app.command(command)(with_asked(answer))
    for button, action in BUTTONS.items():
        app.action(_action_id(button))(with_asked(partial(clicked, action=action)))
    app.action(ANYTHING)(with_asked(partial(clicked, action=unknown)))
    for modal, form in FORMS.items():
        app.view(modal)(with_asked(partial(sent, form=form)))
    for shortcut, hear in SHORTCUTS.items():
        app.shortcut(shortcut)(with_asked(partial(used, shortcut=hear)))
    for event, heard in EVENTS.items():
        app.event(event)(with_asked(heard))
    app.event(ANYTHING)(_nothing)  # an event without a listener is not acknowledged, and Slack sends it again


def _action_id(button: Button) -> str | re.Pattern[str]:
    return re.compile(rf"{button}:\d+") if button is Button.STEP_ANSWER else button


def _nothing() -> None:
    pass
