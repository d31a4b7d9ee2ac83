"""Sentences about runbooks: how fresh one is, which step is meant, who must consent, how an action stands."""

import re
from datetime import date

from bot.core.consent import who_may
from bot.core.incident import ActionRun, ActionState, Incident, RunbookRun
from bot.core.instructions import Fill, step_in_words
from bot.core.library import is_stale
from bot.policy.model import Policy
from bot.policy.runbook import SECOND, Runbook, RunbookStep
from bot.slack.names import Names
from bot.slack.words import labels
from bot.slack.words.text import cut, escape, in_short, line, listed, said
from bot.slack.words.times import when

_NOT_SET = re.compile(r"\(not set: ([\w.]+)\)")


def steps(book: Runbook) -> str:
    return "1 step" if len(book.steps) == 1 else f"{len(book.steps)} steps"


def freshness(book: Runbook, policy: Policy, today: date) -> str:
    """“reviewed 2026-10-01”, with a warning if that is too long ago."""
    if book.reviewed is None:
        return "⚠️ never reviewed"
    return f"{'⚠️ not reviewed since' if is_stale(book, today, policy) else 'reviewed'} {book.reviewed}"


def owner(book: Runbook, policy: Policy) -> str:
    return f"Owner: {labels.team(book.owner, policy)}" if book.owner else "No owner"


def kinds_of_trouble(book: Runbook, policy: Policy) -> str:
    """The categories by their names; empty if it is for all."""
    keys = book.applies_to.categories
    return line(", ".join(policy.categories[key].name if key in policy.categories else key for key in keys), 200)


def friendly(text: str) -> str:
    """Names that have no value yet as a reader would call them: “‹the jobs link of the service›”."""
    return _NOT_SET.sub(lambda found: _called(found[1].split(".")), text)


def with_friendly_names(fill: Fill) -> Fill:
    return lambda text, quoted=False: friendly(fill(text, quoted=quoted))


def _called(path: list[str]) -> str:
    root, *rest = path
    name = rest[-1].replace("_", " ") if rest else root
    if root == "service" and len(rest) == 2:
        return f"‹the {name} link of the service›"
    if root in ("service", "incident") and rest:
        return f"‹the {name} of the {root}›"
    return "‹who has acknowledged it›" if name == "acknowledged by" else f"‹the {name}›"


def place(step: str, book: Runbook) -> int:
    """Where the step stands in the list; its length if it is not there."""
    ids = [each.id for each in book.steps]
    return ids.index(step) if step in ids else len(ids)


def in_a_line(step: RunbookStep, fill: Fill, limit: int = 90) -> str:
    """The step in its first sentence, links without what a reader can do without."""
    return cut(in_short(escape(step_in_words(step, fill))), limit)


def consent(step: RunbookStep, policy: Policy) -> str:
    """Whose consent the step needs, without names."""
    if not step.approve:
        return ""
    if step.approve == SECOND:
        whose = "a second person"
    elif step.approve in policy.teams:
        whose = f"team {labels.team(step.approve, policy)}"
    else:
        whose = f"the {escape(step.approve)}"
    return f"🔐 Only with the consent of {whose}."


def who_consents(step: RunbookStep, action: ActionRun, incident: Incident, policy: Policy, names: Names) -> str:
    """Who is asked now, by name."""
    approve = step.approve or SECOND
    if approve == SECOND:
        return f"Anybody but {names.mention(action.asked_by)} may approve it."
    people = who_may(approve, incident, policy)
    if people:
        return f"{listed([names.mention(person) for person in people], 'or')} may approve it."
    return f"Nobody is {escape(approve)} yet: `/incident role {escape(approve)} @person` makes somebody so."


def standing(action: ActionRun, names: Names) -> str:
    """How an action stands, in a sentence."""
    what = "The dry run" if action.dry else "It"
    at = f" {when(action.ended_at)}" if action.ended_at else ""
    match action.state:
        case ActionState.ASKED:
            return f"⏳ *{names.mention(action.asked_by)} asks for consent* to do this."
        case ActionState.CONSENTED:
            by = names.mention(action.decided_by) if action.decided_by else "Somebody"
            return f"✅ *{by} consents.* Do it now, and press Done."
        case ActionState.QUEUED:
            return f"⏳ {what} begins in a moment{_by(action, names)}."
        case ActionState.RUNNING:
            since = f" since {when(action.began_at)}" if action.began_at else ""
            return f"⏳ {'Dry run' if action.dry else 'Running'}{since}{_by(action, names)}."
        case ActionState.DONE:
            if action.dry:
                return f"🧪 *Dry run*{at}{_by(action, names)}: this is what it would do."
            return f"✅ *Done*{at}{_by(action, names)}."
        case ActionState.FAILED:
            return f"❌ *{'The dry run failed' if action.dry else 'Failed'}*{at}{_by(action, names)}."
        case ActionState.REFUSED:
            why = f": {said(action.result, names.mention, 500)}" if action.result else "."
            by = names.mention(action.decided_by) if action.decided_by else "Somebody"
            return f"🚫 *{by} refused it*{at}{why}"
        case ActionState.UNKNOWN:
            return f"❓ *Nobody knows whether it was done*{_by(action, names)}. Look before you run it again."


def _by(action: ActionRun, names: Names) -> str:
    approved = action.decided_by if action.decided_by != action.asked_by else None
    consent = f", approved by {names.mention(approved)}" if approved else ""
    return f", asked by {names.mention(action.asked_by)}{consent}"


def outcome(run: RunbookRun, step: str) -> str:
    """The first line of what the last action of a step has answered."""
    ended = [each for each in run.actions if each.step == step and each.result and not each.dry]
    return ended[-1].result.strip().partition("\n")[0] if ended else ""


def rated(run: RunbookRun, names: Names) -> str:
    by = names.mention(run.rated_by) if run.rated_by else "somebody"
    if run.helped:
        return f"👍 It helped, says {by}."
    wrong = f" {said(run.feedback, names.mention, 800)}" if run.feedback else ""
    return f"👎 It did not help, says {by}.{wrong}"
