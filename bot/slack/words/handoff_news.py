"""What is said to people around a handoff, and answered to whoever asks for one."""

from collections.abc import Iterable
from datetime import datetime

from bot.core.concerned import leads_of
from bot.core.handoff import Handoff, HandoffItem
from bot.core.incident import Incident
from bot.core.oncall_effects import AskForHandoff, TellOfHandoff
from bot.policy.model import Policy
from bot.slack.names import Names
from bot.slack.words import labels
from bot.slack.words.handoffs import comes as come
from bot.slack.words.handoffs import has, how_many, people
from bot.slack.words.text import escape, line, listed, quoted, said
from bot.slack.words.times import when

NOTHING_OPEN = "No incident is open. If there is nothing to say, there is nothing to do: the handoff says “Quiet”."


def nears(schedule: str, at: datetime, coming: tuple[str, ...], policy: Policy, names: Names) -> str:
    comes = f"{people(coming, names)} {come(coming)}" if coming else "*nobody comes*"
    return f"🤝 You hand *{labels.schedule(schedule, policy)}* over {when(at)}; {comes}. What should they know?"


def of(effect: TellOfHandoff, handoff: Handoff, item: HandoffItem | None, policy: Policy, names: Names) -> str:
    name = f"*{labels.schedule(handoff.schedule, policy)}*"
    since = f" since {when(handoff.posted_at)}" if handoff.posted_at else ""
    waits, incoming = how_many(handoff.waits), people(handoff.incoming, names)
    match effect.why:
        case "incoming" if handoff.items:
            return f"🤝 The handoff of {name} waits for you{since}: {waits}."
        case "incoming":
            return f"🤝 The handoff of {name} waits for you{since}. Accept it to say that you are there."
        case "declined":
            return _declined(effect, handoff, item, names)
        case "gap":
            return _gap(effect.person, handoff, name, names)
        case _:
            role = "You are their backup" if effect.why == "backup" else "You lead their team"
            keep = f"{people(handoff.outgoing, names)} still {has(handoff.outgoing)}" if handoff.outgoing else ""
            kept = f" {keep} {waits}." if keep and handoff.waits else ""
            return (
                f"⏳ {incoming} {has(handoff.incoming)} not taken the handoff of {name}{since}.{kept} "
                f"{role}: please reach them, or let somebody stand in."
            )


def _declined(effect: TellOfHandoff, handoff: Handoff, item: HandoffItem | None, names: Names) -> str:
    by = names.mention(effect.by) if effect.by else "Somebody"
    what = f"*INC-{item.number} {line(item.title)}*" if item else "an incident"
    why = f"\n{quoted(said(item.question, names.mention))}" if item and item.question else ""
    if effect.person in handoff.outgoing:
        return f"⛔ {by} declined {what}: it is still yours, until somebody else takes it.{why}"
    owners = item.owners if item else handoff.outgoing
    keeps = f"{people(owners, names)} still {has(owners)} it"
    return f"⛔ {by} declined {what}. {keeps}; please find somebody who takes it.{why}"


def _gap(person: str, handoff: Handoff, name: str, names: Names) -> str:
    kept = f" {how_many(handoff.items)}" if handoff.items else " what comes"
    if person in handoff.outgoing:
        return f"⚠️ Your shift on {name} is over, and nobody comes after you. You still have{kept} until somebody does."
    had = f"{people(handoff.outgoing, names)} still {has(handoff.outgoing)}" if handoff.outgoing else "Nobody has"
    return f"⚠️ Nobody is on call for {name} now. {had}{kept}. Please find somebody."


def unreachable(person: str, why: str, handoff: Handoff, policy: Policy, names: Names) -> str:
    leads = [names.mention(lead) for lead in leads_of((person, *handoff.outgoing), policy) if lead != person]
    ask = f" {listed(leads)}, please reach them another way." if leads else " Please reach them another way."
    return f"⚠️ {names.mention(person)} could not be told of this handoff: {line(why, 200)}.{ask}"


def not_asked(effect: AskForHandoff, why: str, policy: Policy, names: Names) -> str:
    name = labels.schedule(effect.schedule, policy)
    return (
        f"⚠️ {names.mention(effect.person)} could not be asked to complete the handoff of *{name}* ({when(effect.at)}): "
        f"{line(why, 200)}. It is posted as it stands; their lead can complete it here."
    )


def elsewhere(handoff: Handoff, channel: str | None, why: str, policy: Policy) -> str:
    name = labels.schedule(handoff.schedule, policy)
    place = f" in {line(channel, 80)}" if channel else ""
    return (
        f"⚠️ The handoff of *{name}* could not be posted{place}: {line(why, 200)}. It goes elsewhere instead. "
        f"Mend the channel, or name another one under `handoff:` of `{escape(handoff.schedule)}`."
    )


def until_you_accept(by: str, incident: Incident, names: Names) -> str:
    has = names.mention(incident.lead) if incident.lead else "nobody"
    return f"You lead it once you accept; until then {has} does."


def lead_not_asked(person: str, why: str, names: Names) -> str:
    return f"⚠️ {names.mention(person)} could not be asked to take the lead: {line(why, 200)}. Name somebody else."


# Answers


def noted(schedule: str, notes: int, policy: Policy) -> str:
    count = "one note" if notes == 1 else f"{notes} notes"
    return f"📝 Kept for the next handoff of {labels.schedule(schedule, policy)}: {count} now."


def begun(handoff: Handoff, policy: Policy, names: Names) -> str:
    plan = policy.schedules[handoff.schedule].handoff
    where = f" in {line(plan.channel, 80)}" if plan else ""
    name, to = labels.schedule(handoff.schedule, policy), people(handoff.incoming, names)
    return f"🤝 The handoff of {name} goes to {to}{where}. Until they accept an incident, you still have it."


def completed(schedule: str, policy: Policy) -> str:
    return (
        f"✅ Kept for the handoff of {labels.schedule(schedule, policy)}. You can complete it again until it is taken."
    )


def you_lead(incident: Incident) -> str:
    return f"✅ You lead {incident.name} now."


def lead_declined(incident: Incident, names: Names) -> str:
    has = f"{names.mention(incident.lead)} still leads" if incident.lead else "Nobody leads"
    return f"🙅 You declined the lead. {has} {incident.name}."


def lead_asked(incident: Incident, person: str, names: Names) -> str:
    has = f" Until then {names.mention(incident.lead)} leads it." if incident.lead else ""
    return f"🤝 {names.mention(person)} is asked to take the lead of {incident.name}.{has}"


def no_schedules() -> str:
    return "🤔 The configuration has no schedule, so nothing is handed over."


def unknown_schedule(word: str, nearest: str | None, known: Iterable[str], command: str) -> str:
    if nearest:
        return f"🤔 There is no schedule “{line(word, 60)}”. Did you mean `{escape(command.format(nearest))}`?"
    return f"🤔 There is no schedule “{line(word, 60)}”. Known are {escape(listed(list(known)[:20]))}."


def which_schedule(command: str, known: Iterable[str]) -> str:
    keys = list(known)[:20]
    example = command.format(keys[0]) if keys else command
    return f"🤔 Which schedule? Write it like `{escape(example)}`. Known are {escape(listed(keys))}."


def unknown_verb(word: str, nearest: str | None) -> str:
    meant = f" Did you mean `/handoff {escape(nearest)}`?" if nearest else ""
    return f"🤔 There is no `/handoff {line(word, 40)}`.{meant}"


def is_taken(number: int, item: HandoffItem | None, names: Names) -> str:
    if item is None:
        return f"🤔 INC-{number} is not in this handoff."
    by = names.mention(item.answered_by) if item.answered_by else "Somebody"
    return f"🤔 {by} has INC-{number} already."


def not_theirs(handoff: Handoff, names: Names) -> str:
    who = people(handoff.incoming, names) if handoff.incoming else "the next person on call"
    return f"🙅 Only {who} can take this handoff: they have the shift now."


def is_over() -> str:
    return "🤔 This handoff is over: the shift has changed again since, and a newer one stands below."


def commands() -> list[str]:
    """The help, in parts that each fit a block."""
    rows = (
        ("[SCHEDULE]", "what would be handed over now, for you only"),
        ("note TEXT", "a line for the next shift"),
        ("complete [SCHEDULE]", "say what only you know: where to start, what to watch, what comes next"),
        ("start [SCHEDULE]", "hand over now, before the shift ends"),
        ("history [SCHEDULE]", "how the handoffs of late went"),
    )
    usage = "\n".join(f"`/handoff {typed}` – {meaning}" for typed, meaning in rows)
    return [
        "*How to use `/handoff`*\nWithout a schedule it is the one whose shift you have; before the verb you can name "
        "another: `/handoff l1 note TEXT`.",
        usage,
        "`/incident handoff @person` hands over the lead of one incident alone.",
    ]
