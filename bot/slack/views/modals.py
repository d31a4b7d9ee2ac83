"""The forms: what is asked for when arguments are missing. What a form is about travels in its metadata."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from slackblocks import (
    Block,
    InputBlock,
    ModalView,
    Option,
    OptionGroup,
    PlainTextInput,
    StaticMultiSelectMenu,
    StaticSelectMenu,
)
from slackblocks.elements import Element

from bot.core.incident import OPEN, Incident, Status
from bot.policy.model import Policy, Service
from bot.slack.ids import INPUT, Field, Modal, carry
from bot.slack.names import Names
from bot.slack.views.drawn import context, plain_text, without_made_up_ids
from bot.slack.words import labels
from bot.slack.words.text import clip, flat, line, plain

MOST_TITLE = 200
MOST_INPUT = 3000
MOST_OPTIONS = 100
MOST_OPTION_TEXT = 75
MOST_VALUE = 150
MOST_NOTE = 500
MOVES = tuple(status for status in Status if status is not Status.MERGED)  # a merge needs to know into which


def declare(
    policy: Policy, *, title: str = "", severity: str | None = None, service: str | None = None, summary: str = ""
) -> dict[str, Any]:
    """Asks for a title and a severity; the service may be left open."""
    return modal(
        Modal.DECLARE,
        "Declare an incident",
        "Declare",
        [
            words("What is wrong?", Field.TITLE, title, "In a few words: Scores are stale", most=MOST_TITLE),
            choice("How bad is it?", Field.SEVERITY, _severities(policy), severity),
            choice("Which service?", Field.SERVICE, _services(policy), service, optional=True),
            choice("What kind of trouble?", Field.CATEGORY, _categories(policy), None, optional=True),
            words("What do you see?", Field.SUMMARY, summary, optional=True, multiline=True),
        ],
    )


def update(incident: Incident, names: Names) -> dict[str, Any]:
    """Pre-filled with the last update, so that what is still true need not be typed again."""
    statuses = [(status.value, labels.status(status)) for status in Status if status in OPEN]
    last = plain(incident.last_update, lambda person: f"@{names.name(person)}")
    hint = "What is known, what is being done, and when the next update comes."
    return modal(
        Modal.UPDATE,
        f"Update {incident.name}",
        "Post",
        [
            about(incident),
            words("Update", Field.TEXT, last, hint, multiline=True),
            choice("Status", Field.STATUS, statuses, incident.status),
        ],
        number=incident.number,
    )


def status(incident: Incident) -> dict[str, Any]:
    statuses = [(status.value, labels.status(status)) for status in MOVES if status is not incident.status]
    return modal(
        Modal.STATUS,
        f"Move {incident.name}",
        "Move",
        [
            about(incident),
            choice("Status", Field.STATUS, statuses, None),
            words("Note", Field.NOTE, "", "Why, or what was found", optional=True, multiline=True),
        ],
        number=incident.number,
    )


def severity(incident: Incident, policy: Policy) -> dict[str, Any]:
    return modal(
        Modal.SEVERITY,
        f"Severity of {incident.name}",
        "Change",
        [
            about(incident),
            choice("Severity", Field.SEVERITY, _severities(policy), incident.severity),
            words("Reason", Field.REASON, "", optional=True, multiline=True),
        ],
        number=incident.number,
    )


def resolve(incident: Incident) -> dict[str, Any]:
    return modal(
        Modal.RESOLVE,
        f"Resolve {incident.name}",
        "Resolve",
        [
            about(incident),
            words("Summary", Field.SUMMARY, "", "What it was and what helped", optional=True, multiline=True),
        ],
        number=incident.number,
    )


def page(incident: Incident, policy: Policy, note: str = "") -> dict[str, Any] | None:
    """Asks whom to page by hand; None if the configuration knows nobody."""
    groups = {
        "On call": [(f"schedule:{key}", flat(policy.schedule_name(key))) for key in policy.schedules],
        "People": [(f"person:{key}", flat(each.name)) for key, each in policy.people.items()],
        "Teams": [(f"team:{key}", flat(each.name)) for key, each in policy.teams.items()],
    }
    whom = choices("Whom?", Field.TARGETS, groups, "People, whoever is on call, whole teams")
    if whom is None:
        return None
    return modal(
        Modal.PAGE,
        f"Page for {incident.name}",
        "Page",
        [
            about(incident),
            whom,
            words("What do you need them for?", Field.NOTE, note, optional=True, multiline=True, most=MOST_NOTE),
            context("Each is paged at once, by every way they have configured, and asked to join."),
        ],
        number=incident.number,
    )


def merge(incident: Incident, others: Iterable[Incident], reason: str = "") -> dict[str, Any] | None:
    """Asks which incident goes on, the newest first; None if no other is open."""
    options = [(str(each.number), f"{each.name} {flat(each.title)}") for each in others]
    if not options:
        return None
    return modal(
        Modal.MERGE,
        f"Merge {incident.name}",
        "Merge",
        [
            about(incident),
            choice("Into which incident?", Field.INCIDENT, options[::-1], options[0][0] if len(options) == 1 else None),
            words("Why?", Field.REASON, reason, "The same job failed", optional=True, multiline=True, most=MOST_NOTE),
            context(f"{incident.name} ends. The other goes on with the earlier clock, and everybody here joins it."),
        ],
        number=incident.number,
    )


def note(text: str, incidents: Iterable[Incident]) -> dict[str, Any]:
    """Adds a message to the timeline of an incident that has yet to be chosen."""
    options = [(str(incident.number), f"{incident.name} {flat(incident.title)}") for incident in incidents]
    return modal(
        Modal.NOTE,
        "Add to a timeline",
        "Add",
        [
            choice("Incident", Field.INCIDENT, options, options[0][0] if len(options) == 1 else None),
            words("Text", Field.TEXT, text, multiline=True),
        ],
    )


def category(incident: Incident, policy: Policy) -> dict[str, Any] | None:
    """What kind of trouble it is; None if the configuration knows none."""
    chosen = choice("Category", Field.CATEGORY, _categories(policy), incident.category)
    if chosen is None:
        return None
    return modal(
        Modal.CATEGORY,
        f"Category of {incident.name}",
        "Set",
        [about(incident), chosen, context("The runbooks that fit are offered anew.")],
        number=incident.number,
    )


def modal(
    callback: Modal, title: str, submit: str, blocks: Iterable[Block | None], **carries: str | int | None
) -> dict[str, Any]:
    view = ModalView(
        title=clip(title, 24),
        submit=submit,
        close="Cancel",
        callback_id=callback,
        private_metadata=carry(**carries),
        blocks=[block for block in blocks if block is not None],
    ).to_dict()
    return {**view, "blocks": without_made_up_ids(view["blocks"])}


def about(incident: Incident) -> Block | None:
    """Which incident a form is about."""
    return context(f"*{incident.name}* {line(incident.title)}")


def words(
    label: str,
    field: Field,
    initial: str,
    placeholder: str | None = None,
    *,
    optional: bool = False,
    multiline: bool = False,
    most: int = MOST_INPUT,
) -> Block:
    element = PlainTextInput(
        INPUT,
        initial_value=clip(initial, most) or None,
        multiline=multiline,
        max_length=most,
        placeholder=plain_text(placeholder) if placeholder else None,
    )
    return asked(label, element, field, optional)


def choice(
    label: str, field: Field, options: Sequence[tuple[str, ...]], chosen: str | None, *, optional: bool = False
) -> Block | None:
    """A select of (value, text) or (value, text, what it means); none if there is nothing to choose from."""
    if not options:
        return None
    drawn = {value: _option(value, *texts) for value, *texts in options[:MOST_OPTIONS]}
    element = StaticSelectMenu(INPUT, options=list(drawn.values()), initial_option=drawn.get(chosen or ""))
    return asked(label, element, field, optional)


def choices(
    label: str, field: Field, groups: Mapping[str, Sequence[tuple[str, str]]], placeholder: str
) -> Block | None:
    """A select of several (value, text) under the names of their groups; none if there is nothing to choose from."""
    drawn = [
        OptionGroup(name, [_option(*each) for each in fitting[:MOST_OPTIONS]])
        for name, options in groups.items()
        if (fitting := [each for each in options if len(each[0]) <= MOST_VALUE])
    ]
    if not drawn:
        return None
    none: Any = None  # groups take the place of options, which their annotation forgets
    element = StaticMultiSelectMenu(INPUT, none, drawn, placeholder=plain_text(placeholder))
    return asked(label, element, field, False)


def _option(value: str, text: str, means: str = "") -> Option:
    description = plain_text(clip(flat(means), MOST_OPTION_TEXT)) if means else None
    return Option(plain_text(clip(text, MOST_OPTION_TEXT)), value, description=description)


def asked(label: str, element: Element, field: Field, optional: bool) -> Block:
    return InputBlock(label, element, block_id=field, optional=optional)


def _severities(policy: Policy) -> list[tuple[str, str, str]]:
    return [
        (key, f"{labels.dot(key, policy)} {known.name} ({key})", known.means)
        for key, known in policy.severities.items()
    ]


def _categories(policy: Policy) -> list[tuple[str, str]]:
    return [(key, known.name) for key, known in policy.categories.items()]


def _services(policy: Policy) -> list[tuple[str, str]]:
    """The ones that matter most first, for a list that may be cut."""

    def named(service: Service) -> str:
        return f"{service.name} ({policy.customer_name(service.customer)})" if service.customer else service.name

    ordered = sorted(policy.services.items(), key=lambda found: (found[1].tier, found[1].name))
    return [(key, named(service)) for key, service in ordered]
