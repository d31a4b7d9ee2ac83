"""A sentence for each kind of short news in the incident channel.

Facts come from core as keys and plain words; they are drawn and escaped here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.core.effects import Notice
from bot.core.incident import Incident
from bot.core.instructions import filling
from bot.policy.model import PageTarget, Policy
from bot.slack.names import Names
from bot.slack.words import clocks, labels
from bot.slack.words.escalation import held_by, run_out
from bot.slack.words.merging import goes_on
from bot.slack.words.runbooks import in_a_line, place
from bot.slack.words.text import as_is, escape, line, linked, listed, quoted, said
from bot.slack.words.times import read_instant, when


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence may speak of."""

    facts: Mapping[str, str]
    incident: Incident
    policy: Policy
    names: Names
    address: str = ""  # of the workspace
    survivor: Incident | None = None  # into which it was merged

    def who(self, fact: str = "by") -> str:
        ref = self.facts.get(fact)
        return self.names.mention(ref) if ref else "Somebody"

    def people(self, fact: str) -> list[str]:
        return [self.names.mention(ref) for ref in self.facts.get(fact, "").split()]

    def note(self, fact: str = "note") -> str:
        """What somebody wrote with it, as a quotation on lines of its own."""
        words = self.facts.get(fact, "")
        return f"\n{quoted(said(words, self.names.mention))}" if words.strip() else ""

    def moved(self) -> str:
        """The clocks that are due at another time now, on a line of its own."""
        return clocks.due_anew(self.facts.get("moved", ""), self.incident)

    def instant(self, fact: str) -> str:
        at = read_instant(self.facts.get(fact))
        return when(at) if at else ""

    def status(self, fact: str) -> str:
        return labels.status(self.facts.get(fact, "?"))

    def severity(self, fact: str) -> str:
        return labels.severity(self.facts.get(fact, "?"), self.policy)


def in_channel(notice: Notice, told: Told) -> str:
    return _IN_CHANNEL[notice](told)


def directly(notice: Notice, told: Told) -> str:
    """The same news for one person, who may not have the channel before their eyes."""
    return _DIRECTLY.get(notice, _news)(told)


def about(incident: Incident, policy: Policy) -> str:
    return f"{labels.mark(incident, policy)} {named(incident)}"


def named(incident: Incident) -> str:
    """Within a sentence: in bold, so that the title does not run into the words around it."""
    return f"*{incident.name} {line(incident.title)}*"


def _acknowledged(told: Told) -> str:
    waiting = told.people("waiting")
    return f"✅ {told.who()} has it.{f' {listed(waiting)} must acknowledge, too.' if waiting else ''}"


def _paged(told: Told) -> str:
    return f"📟 Paging {listed(told.people('people'))}."


def _page_declined(told: Told) -> str:
    return f"🙅 {told.who()} can't take it."


def _page_undelivered(told: Told) -> str:
    why = line(told.facts.get("why", ""), 300)
    return f"⚠️ The page to {told.who('person')} did not arrive{f': {why}' if why else ''}. Reach them another way."


def _nobody_on_call(told: Told) -> str:
    named = [PageTarget.model_validate(target) for target in told.facts.get("targets", "").split()]
    why = line(told.facts.get("why", ""), 300)
    who = f" ({labels.targets(named, told.policy)})" if named else ""
    return f"⚠️ Nobody could be paged for this step{who}{f': {why}' if why else ''}."


def _held(told: Told) -> str:
    until = read_instant(told.facts.get("until"))
    held = held_by(told.incident, told.policy)
    before = f" before {when(until)}" if until else " yet"
    return f"🕘 Nobody is paged{before}{f': {held}' if held else ''}. `/incident escalate` pages at once."


def _responders(told: Told) -> str:
    return f"📟 {told.who()} asks {listed(told.people('people')) or 'somebody'} to join.{told.note()}"


def _joined(told: Told) -> str:
    return f"🙋 {told.who('person')} has joined."


def _unanswered(told: Told) -> str:
    whose = f" {told.who()}, reach them another way or ask somebody else." if told.facts.get("by") else ""
    return f"⌛ {told.who('person')} was asked to join and has not answered.{whose}"


def _path_exhausted(told: Told) -> str:
    return f"🚨 {run_out(told.incident, told.names)}.{_please(told)}"


def _no_path(told: Told) -> str:
    return f"⚠️ Nobody was paged: no escalation path is configured for this.{_please(told)}"


def _please(told: Told) -> str:
    leads = listed(told.people("to"))
    ask = f" {leads}, please take it or find somebody." if leads else " Please take it or find somebody."
    return f"{ask} `/incident ack` takes it."


def _paged_again(told: Told) -> str:
    since = f" since {told.who()} acknowledged" if told.facts.get("by") else ""
    return f"🔁 It has been silent for too long{since}. Paging again from the first step."


def _status(told: Told) -> str:
    return f"➡️ {told.who()} moved it from {told.status('old')} to *{told.status('new')}*.{told.note()}"


def _severity(told: Told) -> str:
    dot = labels.dot(told.facts.get("new", ""), told.policy)
    return (
        f"{dot} {told.who()} changed the severity from {told.severity('old')} to *{told.severity('new')}*."
        f"{told.note()}{told.moved()}"
    )


def _role(told: Told) -> str:
    role = escape(told.facts.get("role", "lead"))
    if told.facts.get("by") == told.facts.get("person"):
        return f"🧭 {told.who('person')} is *{role}* now."
    return f"🧭 {told.who()} made {told.who('person')} *{role}*."


def _note(told: Told) -> str:
    return f"📝 {told.who()} noted:{told.note()}"


def _resolved(told: Told) -> str:
    return f"✅ {told.who()} *resolved* it.{told.note()}"


def _reopened(told: Told) -> str:
    return f"🔁 {told.who()} *reopened* it.{told.note()}{told.moved()}"


def _closed(told: Told) -> str:
    return f"📁 {told.who()} *closed* it."


def _declined(told: Told) -> str:
    return f"➖ {told.who()} *declined* it: it was nothing.{told.note()}"


def _merged(told: Told) -> str:
    return f"🔀 {told.who()} *merged* it into {goes_on(told.incident, told.survivor)}.{told.note()}"


def _took_in(told: Told) -> str:
    number, title = escape(told.facts.get("other", "")), line(told.facts.get("title", ""))
    other = f"*INC-{number} {title}*" if number else "another"
    channel = told.facts.get("channel")
    before = f" Its channel was <#{escape(channel)}>." if channel else ""
    earlier = "The earlier clock counts, and what was answered there is answered here."
    has = f" {told.who('has')} has it." if told.facts.get("has") else ""
    return f"🔀 {told.who()} *merged* {other} into this.{before} {earlier}{has}{told.note()}{told.moved()}"


def _waiting(told: Told) -> str:
    on, until = clocks.waiting_on(told.facts.get("on", "")), told.instant("until")
    stands = clocks.standing_still(told.facts.get("stands", ""))
    return f"⏸ {told.who()}: it waits on {on}{f' until {until}' if until else ''}.{told.note()}\n{stands}{told.moved()}"


def _waiting_ended(told: Told) -> str:
    on = clocks.waiting_on(told.facts.get("on", ""))
    if told.facts.get("by"):
        return f"▶️ {told.who()}: it no longer waits on {on}, and its clocks run.{told.moved()}"
    return f"▶️ The time to wait on {on} is up, and its clocks run.{told.moved()}"


def _corrected(told: Told) -> str:
    was, now = told.instant("was"), told.instant("now") or "another time"
    before = f", not {was}" if was else ""
    moment = clocks.was(told.facts.get("moment", "")) or "done"
    return f"✏️ {told.who()} corrected it: it was *{moment}* {now}{before}.{told.note()}{told.moved()}"


def _handed_over(told: Told) -> str:
    before = f" from {told.who('old')}" if told.facts.get("old") else ""
    return f"🤝 {told.who('person')} took the lead over{before}."


def _lead_offered(told: Told) -> str:
    has = f" Until then {told.who()} has it." if told.incident.lead else ""
    return f"🤝 {told.who()} asks {told.who('person')} to take the lead.{has}"


def _lead_offer_declined(told: Told) -> str:
    keeps = f" {told.who('person')}, it is still yours." if told.incident.lead else " Nobody leads it yet."
    return f"🙅 {told.who()} can't take the lead.{keeps}"


def _lead_offer_unanswered(told: Told) -> str:
    keeps = " it is still yours" if told.incident.lead else " nobody leads it yet"
    return f"⌛ {told.who('person')} has not answered whether they take the lead. {told.who()},{keeps}."


def _category(told: Told) -> str:
    before = told.facts.get("old")
    was = f" from {labels.category(before, told.policy)}" if before else ""
    return f"🏷️ {told.who()} changed the category{was} to *{labels.category(told.facts.get('new'), told.policy)}*."


def _labels(told: Told) -> str:
    return f"🏷️ {told.who()} {labels.changed_of_an_alert(told.facts.get('new'), told.facts.get('old'))}."


def _consent_asked(told: Told) -> str:
    asked = listed(told.people("people"), "or")
    ask = f"{asked}, {told.who()} asks" if asked else f"{told.who()} asks somebody else"
    run = told.incident.run(told.facts.get("run", ""))
    action = run.action if run else None
    what = f"\n{as_is(action.request, 800)}" if action is not None else ""
    return f"🔐 {ask} for consent to a step of {_book(told)}.{what}"


def _evidence(told: Told) -> str:
    links = told.facts.get("files", "").split()
    files = " ".join(f"<{escape(link)}|{line(link.rpartition('/')[2], 80) or 'file'}>" for link in links)
    return f"📎 {told.who()} has seen this at {_step(told)}\n{files}"


def _step_stalled(told: Told) -> str:
    return f"⏰ {told.who('person')}, {_step(told)} It has waited for a while: do it, skip it, or assign it."


def _step_assigned(told: Told) -> str:
    return f"👉 {told.who('person')}, {told.who()} asks you to do {_step(told)}"


def _step_wait_ended(told: Told) -> str:
    next_one = f"Now it is {_step(told)}" if told.facts.get("step") else f"{_book(told)} is at its end."
    return f"⏰ {told.who('person')}, the wait is over. {next_one}"


def _action_failed(told: Told) -> str:
    return f"❌ {told.who('person')}, an action of {_book(told)} failed; there it says why.{_request(told)}"


def _action_unknown(told: Told) -> str:
    return (
        f"❓ {told.who('person')}, Baton was stopped in the middle of an action of {_book(told)}, and nobody knows "
        f"whether it was done. Look before you run it again.{_request(told)}"
    )


def _request(told: Told) -> str:
    words = as_is(told.facts.get("request", ""), 500)
    return f"\n{words}" if words else ""


def _book(told: Told) -> str:
    """The title, as a link to the message where the runbook is walked."""
    book = told.policy.runbooks.get(told.facts.get("runbook", ""))
    title = line(book.title if book else told.facts.get("runbook", "a runbook"))
    run = told.incident.run(told.facts.get("run", ""))
    return f"“{linked(title, run.message if run else None, told.address)}”"


def _step(told: Told) -> str:
    """“step 3 of “Predictions are stale”: Look at the last run.”"""
    book, step = told.policy.runbooks.get(told.facts.get("runbook", "")), told.facts.get("step", "")
    found = book.step(step) if book else None
    if book is None or found is None:
        return f"a step of {_book(told)}."
    fill = filling(told.incident, told.policy, told.incident.run(told.facts.get("run", "")))
    return f"step {place(step, book) + 1} of {_book(told)}: {in_a_line(found, fill)}"


def _given_up(told: Told) -> str:
    why = line(told.facts.get("why", ""), 300)
    return f"⚠️ Slack refused something for good{f': {why}' if why else ''}."


def _no_channel(told: Told) -> str:
    why = line(told.facts.get("why", ""), 300)
    return (
        f"⚠️ {named(told.incident)} has no channel: Slack refused to make it{f' ({why})' if why else ''}. "
        f"The incident goes on; `/incident show {told.incident.number}` shows it anywhere."
    )


def _run_out_directly(told: Told) -> str:
    incident = told.incident
    channel = f" in <#{incident.channel}>" if incident.channel else ""
    severity = labels.severity(incident.severity, told.policy)
    who = f"Nobody but {told.names.mention(incident.acknowledged_by)}" if incident.acknowledged_by else "Nobody"
    return (
        f"🚨 {who} has acknowledged {named(incident)}, {severity}, "
        f"and its escalation path has run out. Please take it or find somebody{channel}."
    )


def _news(told: Told) -> str:
    return f"{about(told.incident, told.policy)} has news; `/incident show {told.incident.number}` shows it."


_IN_CHANNEL: Mapping[Notice, Callable[[Told], str]] = {
    Notice.ACKNOWLEDGED: _acknowledged,
    Notice.PAGED: _paged,
    Notice.PAGE_DECLINED: _page_declined,
    Notice.PAGE_UNDELIVERED: _page_undelivered,
    Notice.NOBODY_ON_CALL: _nobody_on_call,
    Notice.HELD: _held,
    Notice.RESPONDERS: _responders,
    Notice.JOINED: _joined,
    Notice.UNANSWERED: _unanswered,
    Notice.PATH_EXHAUSTED: _path_exhausted,
    Notice.NO_PATH: _no_path,
    Notice.PAGED_AGAIN: _paged_again,
    Notice.STATUS: _status,
    Notice.SEVERITY: _severity,
    Notice.ROLE: _role,
    Notice.NOTE: _note,
    Notice.RESOLVED: _resolved,
    Notice.REOPENED: _reopened,
    Notice.CLOSED: _closed,
    Notice.DECLINED: _declined,
    Notice.MERGED: _merged,
    Notice.TOOK_IN: _took_in,
    Notice.HANDED_OVER: _handed_over,
    Notice.LEAD_OFFERED: _lead_offered,
    Notice.LEAD_OFFER_DECLINED: _lead_offer_declined,
    Notice.LEAD_OFFER_UNANSWERED: _lead_offer_unanswered,
    Notice.WAITING: _waiting,
    Notice.WAITING_ENDED: _waiting_ended,
    Notice.CORRECTED: _corrected,
    Notice.CATEGORY: _category,
    Notice.LABELS: _labels,
    Notice.CONSENT_ASKED: _consent_asked,
    Notice.EVIDENCE: _evidence,
    Notice.STEP_STALLED: _step_stalled,
    Notice.STEP_ASSIGNED: _step_assigned,
    Notice.STEP_WAIT_ENDED: _step_wait_ended,
    Notice.ACTION_FAILED: _action_failed,
    Notice.ACTION_UNKNOWN: _action_unknown,
    Notice.GIVEN_UP: _given_up,
}

_DIRECTLY: Mapping[Notice, Callable[[Told], str]] = {
    Notice.PATH_EXHAUSTED: _run_out_directly,
    Notice.GIVEN_UP: _no_channel,
}
