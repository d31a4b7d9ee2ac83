"""Shortcuts: one for anywhere, two for a message."""

from collections.abc import Callable, Mapping

from bot.core.events import NoteAdded
from bot.slack.ids import Shortcut
from bot.slack.listeners.asked import Answer, Asked, Unclear, answered
from bot.slack.views import modals
from bot.slack.views.drawn import sentence
from bot.slack.words import answers
from bot.slack.words.text import clip, flat

MOST_TITLE = 120


def used(asked: Asked, shortcut: Callable[[Asked], Answer]) -> None:
    answer = answered(lambda: shortcut(asked))
    asked.ack()
    asked.reply(answer)


def declare(asked: Asked) -> Answer:
    return modals.declare(asked.policy)


def declare_from_message(asked: Asked) -> Answer:
    """The first line becomes the title and the whole message the summary; both can be changed."""
    text = asked.title(_text(asked))
    first = text.partition("\n")[0]
    return modals.declare(asked.policy, title=clip(flat(first), MOST_TITLE), summary=text)


def add_to_timeline(asked: Asked) -> Answer:
    """In an incident channel at once; elsewhere it asks which incident is meant."""
    if not _text(asked).strip():
        raise Unclear(answers.message_without_words())
    author = asked.body["message"].get("user")
    with asked.engine.store.reading() as read:
        number = read.number_of_channel(asked.channel or "")
        open_incidents = read.open_incidents() if number is None else []
    if number is not None:
        by = f"@[{asked.names.ref(author)}]: " if author else ""
        event = NoteAdded(number=number, by=asked.by, text=by + asked.words(_text(asked)))
        return sentence(answers.noted(asked.does(event)))
    if not open_incidents:
        raise Unclear(answers.nothing_open())
    by = f"{asked.names.name(asked.names.ref(author))}: " if author else ""
    return modals.note(by + asked.title(_text(asked)), open_incidents)


def _text(asked: Asked) -> str:
    return str(asked.body["message"].get("text") or "")


SHORTCUTS: Mapping[Shortcut, Callable[[Asked], Answer]] = {
    Shortcut.DECLARE: declare,
    Shortcut.DECLARE_FROM_MESSAGE: declare_from_message,
    Shortcut.ADD_TO_TIMELINE: add_to_timeline,
}
