"""What the bot answers to one person: done, not understood, and how to use it."""

from collections.abc import Iterable

from bot.core.decision import ended
from bot.core.incident import OPEN, Incident, Role, Status
from bot.policy.model import Policy
from bot.policy.nearest import known
from bot.slack.words import labels
from bot.slack.words.merging import goes_on
from bot.slack.words.text import escape, line, listed

LABELS = "Write labels as NAME=VALUE, with spaces or commas in quotes; NAME= takes one away."


def declared(incident: Incident, policy: Policy) -> str:
    channel = f"Its channel is <#{incident.channel}>." if incident.channel else "Its channel opens in a moment."
    severity = labels.severity(incident.severity, policy)
    return f"{labels.dot(incident.severity, policy)} *{incident.name}* is declared, {severity}. {channel}"


def you_have_it(incident: Incident) -> str:
    return f"✅ You have {incident.name}."


def asked_to_join(incident: Incident, people: list[str], already: list[str]) -> str:
    """Whom the asker has paged, as mentions; `already` were being paged."""
    waits = f" {listed(already)} {'is' if len(already) == 1 else 'are'} being paged for it already." if already else ""
    return f"📟 Paging {listed(people)} for {incident.name}; the card shows who joins.{waits}"


def nobody_to_page(word: str, nearest: str | None) -> str:
    meant = f" Did you mean `/incident page {escape(nearest)}`?" if nearest else ""
    form = " `/incident page` alone opens a form with all of them."
    return f"🤔 There is no person, schedule or team “{line(word, 60)}”.{meant}{form}"


def nobody_configured() -> str:
    return "🤔 The configuration has no people, schedules or teams, so there is nobody to page."


def not_of_ours(mention: str) -> str:
    return (
        f"🤔 {mention} is not in the configuration, so they cannot be paged. "
        "Invite them to the channel, or add them to the people of the configuration."
    )


def merged(incident: Incident, survivor: Incident | None) -> str:
    return f"🔀 {incident.name} is merged into {goes_on(incident, survivor)}."


def none_to_merge_with(incident: Incident) -> str:
    return f"🤔 No other incident is open, so there is none into which {incident.name} could be merged."


def update_posted(incident: Incident) -> str:
    return f"📣 The update on {incident.name} is posted."


def moved(incident: Incident) -> str:
    return f"➡️ {incident.name} is {labels.status(incident.status)} now."


def severity_now(incident: Incident, policy: Policy) -> str:
    severity = labels.severity(incident.severity, policy)
    return f"{labels.dot(incident.severity, policy)} {incident.name} is {severity} now."


def role_now(incident: Incident, role: Role, person: str) -> str:
    return f"🧭 {person} is {role} of {incident.name} now."


def waits(incident: Incident, on: str, until: str) -> str:
    return f"⏸ {incident.name} waits on {on} until {until}."


def waits_no_longer(incident: Incident) -> str:
    return f"▶️ {incident.name} waits on nobody now, and its clocks run."


def corrected(incident: Incident, moment: str, at: str) -> str:
    return f"✏️ {incident.name} was {moment} {at}, as the timeline tells now."


def noted(incident: Incident) -> str:
    return f"📝 It stands in the timeline of {incident.name}."


def runbook_started(incident: Incident, title: str) -> str:
    where = f"in <#{incident.channel}>" if incident.channel else "in its channel, as soon as that stands"
    return f"📖 “{line(title)}” opens {where}."


def category_now(incident: Incident, policy: Policy) -> str:
    return f"🏷️ {incident.name} is {labels.category(incident.category, policy)} now."


def labels_now(incident: Incident) -> str:
    if not incident.labels:
        return f"🏷️ {incident.name} has no labels. `/incident label alertname=PredictionsStale` gives it one."
    return f"🏷️ {incident.name}: {labels.of_an_alert(incident.labels)}"


def no_categories() -> str:
    return "🤔 The configuration has no categories of trouble yet."


def approved() -> str:
    return "✅ Approved. The message of the runbook shows what comes of it."


def done_already() -> str:
    return "That was done already."


def not_open(incident: Incident) -> str:
    if incident.status is Status.MERGED:
        return f"🤔 {ended(incident)}"
    again = f" `/incident reopen {incident.number}` reopens it." if incident.status is Status.RESOLVED else ""
    return f"🤔 {incident.name} is {incident.status}.{again}"


def refused(sentence: str) -> str:
    return f"🙅 {sentence}"


def menu(place: str | None, open_now: int) -> str:
    count = {0: "No incident is open.", 1: "One incident is open."}.get(open_now, f"{open_now} incidents are open.")
    here = f" This is the channel of {place}." if place else ""
    return f"{count}{here} What would you like to do?"


def unknown_verb(word: str, verbs: Iterable[str]) -> str:
    meant = known(word, verbs)
    hint = f" Did you mean `/incident {meant}`?" if meant else ""
    return f"🤔 There is no `/incident {line(word, 40)}`.{hint}"


def unknown(kind: str, word: str, names: Iterable[str], right: str = "") -> str:
    """“There is no service “chrun”. Did you mean `churn-scoring`?” `right` is the whole command with it."""
    candidates = list(names)
    meant = known(word, candidates)
    sentence = f"🤔 There is no {kind} “{line(word, 60)}”."
    if meant and right:
        return f"{sentence} Did you mean `{escape(right.format(meant))}`?"
    if meant:
        return f"{sentence} Did you mean `{escape(meant)}`?"
    return f"{sentence} Known are {escape(listed(candidates[:20]))}." if candidates else sentence


def doubtful(kind: str, word: str, command: str | None, names: Iterable[str]) -> str:
    """The first word of a title that was most likely meant as a name; `command` is what was typed, put right."""
    meant = f"Did you mean `{line(command, 300)}`?" if command else f"Known are {line(listed(list(names)), 300)}."
    return (
        f"🤔 Nothing was declared: there is no {kind} “{line(word, 60)}”. {meant} "
        "If it belongs to the title, put the title in quotes."
    )


def unknown_number(number: int, incidents: Iterable[Incident]) -> str:
    """The nearest by its digits, among the open ones first."""
    numbers = [str(incident.number) for incident in incidents]
    meant = known(str(number), numbers)
    hint = f" Did you mean INC-{meant}?" if meant else ""
    return f"🤔 There is no incident INC-{number}.{hint} `/incident list` shows those that are open."


def which(verb: str, incidents: Iterable[Incident]) -> str:
    """Outside an incident channel the number is needed."""
    open_ones = list(incidents)
    some = [f"{incident.name} {line(incident.title, 60)}" for incident in open_ones]
    number = open_ones[0].number if open_ones else 42
    example = f"Write `/incident {verb} {number}`, or use it in the channel of the incident."
    if not some:
        return f"🤔 No incident is open, so there is none to {verb}. {example}"
    return f"🤔 Which incident? {example} Open: {'; '.join(some[:5])}."


def needs(what: str, example: str) -> str:
    return f"🤔 {what} Write it like `{escape(example)}`."


def meant_to_declare(text: str) -> str:
    return f"🤔 To declare an incident, write `/incident declare {line(text, 200)}`."


def message_without_words() -> str:
    return "🤔 This message has no text that could be added."


def form_did_not_open() -> str:
    return "⌛ Slack did not open the form in time. Please try again."


def nothing_open() -> str:
    return "🤔 No incident is open, so there is no timeline to add to."


def no_such_button() -> str:
    return "🤔 This button is from an older version of the bot and does nothing any more. `/incident` opens the menu."


def commands() -> list[str]:
    """The help, in parts that each fit a block."""
    return [
        "*How to use `/incident`*\n"
        "In an incident channel leave the number out; elsewhere it follows the verb: `/incident ack 42`.",
        _rows(
            ("declare [SEVERITY] [SERVICE] TITLE", "something is wrong; also `new`, `open`, `create`"),
            ("list [open|mine|SERVICE]", "what is going on"),
            ("show [N]", "the card, for you only"),
            ("timeline [N]", "what has happened"),
            ("path [N]", "who was paged, who is next and when"),
            ("sla [N]", "what is due, and when"),
            ("sla explain [N]", "how each clock was counted"),
        ),
        _rows(*_while_it_is_open()),
        _rows(
            ("resolve [SUMMARY]", "it works again"),
            ("reopen [REASON]", "it does not, after all"),
            ("close", "nothing is left to do"),
            ("merge N", "it is the same as that one, and goes on there; elsewhere `merge N INTO`"),
        ),
        "`/oncall [SCHEDULE]` tells who has the pager now; `/handoff` what the shift would hand over; "
        "`/runbook [NAME|WORDS]` reads and searches runbooks.",
    ]


def _while_it_is_open() -> Iterable[tuple[str, str]]:
    return (
        ("ack [N]", "you have it"),
        ("decline [REASON]", "it was nothing"),
        ("escalate [REASON]", "page the next step now"),
        ("page @person|SCHEDULE|TEAM [MESSAGE]", "ask somebody to join; also several"),
        ("update [TEXT]", "tell those who wait"),
        ("status STATUS [NOTE]", ", ".join(status for status in Status if status in OPEN)),
        ("severity SEVERITY [REASON]", "how bad it is"),
        ("lead [@person]", "who leads; you, if you name nobody"),
        ("handoff @person", "ask somebody to take the lead; it is yours until they accept"),
        ("role ROLE @person", ", ".join(role for role in Role)),
        ("note TEXT", "into the timeline"),
        ("sla pause customer|partner|engineering TIME REASON", "it waits on them; also `wait`"),
        ("wait", "the same, with a form"),
        ("sla resume [N]", "the clocks run again"),
        ("correct MOMENT TIME [REASON]", "it was declared, acknowledged, mitigated or resolved then"),
        ("category [NAME]", "what kind of trouble it is; by it runbooks are offered"),
        ("label [NAME=VALUE …]", "of its alert; by them runbooks are offered, too"),
        ("runbook [NAME]", "what to try; starts the one you name"),
    )


def runbook_commands() -> list[str]:
    """How to use `/runbook`, in parts that each fit a block."""
    return [
        "*How to use `/runbook`*\n"
        "It reads runbooks anywhere, for you only. In an incident channel it can start them, too.",
        "\n".join(
            f"`/runbook{usage}` – {meaning}"
            for usage, meaning in (
                ("", "all of them, by category"),
                (" NAME", "the whole text of one; a title will do"),
                (" WORDS", "those that have these words in their name, category or steps"),
                (" stats [NAME]", "how often they were used, how long they took, and whether they helped"),
                (" help", "this"),
            )
        ),
        "`/incident runbook [NAME]` offers those that fit an incident, and starts one.",
    ]


def _rows(*rows: tuple[str, str]) -> str:
    return "\n".join(f"`/incident {usage}` – {meaning}" for usage, meaning in rows)
