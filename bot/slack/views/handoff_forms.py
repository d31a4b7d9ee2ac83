"""The forms of a handoff: what only the outgoing person knows, and what the incoming one says to it."""

from collections.abc import Iterator
from typing import Any

from slackblocks import Block, DateTimePicker, UserSelectMenu

from bot.core.handoff import Handoff, HandoffItem, Words
from bot.policy.model import Policy
from bot.slack.ids import INPUT, Field, Modal, field_of
from bot.slack.names import Names
from bot.slack.views.drawn import and_more, context, plain_text, section
from bot.slack.views.modals import asked, modal, words
from bot.slack.words import handoffs as told
from bot.slack.words.text import line, plain

MOST_INCIDENTS = 8
MOST_ANSWER = 1000
MOST_QUESTION = 2000  # as core takes them
MOST_SENTENCE = 600
MOST_ACTION = 500


def complete(
    schedule: str, items: tuple[HandoffItem, ...], said: Words, policy: Policy, names: Names
) -> dict[str, Any]:
    """Asks only for what a machine cannot know; filled in with what was said already."""

    asks = items[:MOST_INCIDENTS]
    blocks = [
        context(f"The handoff of *{line(policy.schedule_name(schedule))}*. Everything else Baton fills in itself."),
        _long("Start here", Field.START_HERE, _written(said.start_here, names), "The one thing to look at first"),
        _long("To watch, one on a line", Field.WATCH, _written("\n".join(said.watch), names), "Up to three"),
        _long(
            "Silences, and when they end",
            Field.SILENCES,
            _written(said.silences, names),
            "PredictionsStale until 18:00",
        ),
        _long("Changes and maintenance ahead", Field.AHEAD, _written(said.ahead, names), "Retraining begins at 20:00"),
        *(block for item in asks for block in _plan(item, policy, names)),
        context(and_more(len(items) - MOST_INCIDENTS, "incidents: they are handed over as they stand")),
    ]
    numbers = ",".join(str(item.number) for item in asks)
    return modal(Modal.COMPLETE_HANDOFF, "Complete the handoff", "Save", blocks, schedule=schedule, numbers=numbers)


def _plan(item: HandoffItem, policy: Policy, names: Names) -> Iterator[Block]:
    """What comes next for one incident."""
    due = int(item.action_due.timestamp()) if item.action_due else None
    owner = names.slack(item.owner or item.lead or "")
    yield section(f"{told.heading(item, policy, 100)}\n{told.state(item, policy, names)}")
    number = item.number
    action, if_then = _written(item.next_action, names), _written(item.if_then, names)
    next_action = words("Next action", Field.NEXT_ACTION, action, optional=True, most=MOST_ACTION)
    yield _of(Field.NEXT_ACTION, number, next_action)
    picker = UserSelectMenu(INPUT, initial_user=owner, placeholder=plain_text("Who does it"))
    yield _of(Field.OWNER, number, asked("By whom", picker, Field.OWNER, optional=True))
    when = DateTimePicker(INPUT, initial_datetime=due)
    yield _of(Field.DUE, number, asked("Until when", when, Field.DUE, optional=True))
    hint = "If the scores are stale again by 18:00, roll back"
    yield _of(Field.IF_THEN, number, words("If … then", Field.IF_THEN, if_then, hint, optional=True, most=MOST_ACTION))


def _written(text: str, names: Names) -> str:
    return plain(text, lambda person: f"@{names.name(person)}")


def _of(field: Field, number: int, block: Block) -> Block:
    """The same question for each incident, under an id of its own."""
    block.block_id = field_of(field, number)
    return block


def _long(label: str, field: Field, initial: str, hint: str) -> Block:
    return words(label, field, initial, hint, optional=True, multiline=True, most=MOST_ANSWER)


def take(handoff: Handoff) -> dict[str, Any]:
    """All that waits is taken; one sentence read back is asked for, and need not be given."""
    takes = section(f"{told.how_many(handoff.waits)}: yours from then on. Whoever else leads one goes on leading it.")
    blocks = [takes, _sentence(optional=True)]
    return modal(Modal.TAKE_HANDOFF, "Accept all", "Accept all", blocks, **_about(handoff))


def read_back(handoff: Handoff) -> dict[str, Any]:
    return modal(Modal.READ_BACK, "Read back", "Send", [_sentence(optional=False)], **_about(handoff))


def _sentence(optional: bool) -> Block:
    label = "In one sentence: what is worst, and what do you do next?"
    return words(label, Field.SENTENCE, "", optional=optional, multiline=True, most=MOST_SENTENCE)


def _about(handoff: Handoff) -> dict[str, str]:
    return {"schedule": handoff.schedule, "handoff": handoff.id}


def question(handoff: Handoff, item: HandoffItem, policy: Policy) -> dict[str, Any]:
    return modal(
        Modal.QUESTION_ITEM,
        f"Ask about INC-{item.number}",
        "Ask",
        [
            section(told.heading(item, policy)),
            words("What do you want to know?", Field.TEXT, "", multiline=True, most=MOST_QUESTION),
            context("It goes to whoever hands over, in the thread. Until you accept, the incident is still theirs."),
        ],
        number=item.number,
        **_about(handoff),
    )


def decline(handoff: Handoff, item: HandoffItem, policy: Policy) -> dict[str, Any]:
    return modal(
        Modal.DECLINE_ITEM,
        f"Decline INC-{item.number}",
        "Decline",
        [
            section(told.heading(item, policy)),
            words("Why can you not take it?", Field.REASON, "", multiline=True, most=MOST_QUESTION),
            context("Whoever hands over still has it, and the leads are told."),
        ],
        number=item.number,
        **_about(handoff),
    )
