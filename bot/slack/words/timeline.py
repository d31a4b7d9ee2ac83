"""A sentence for each kind of entry of the timeline."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.core.effects import Entry, Record
from bot.policy.model import Clock, Policy
from bot.slack.names import Names
from bot.slack.words import labels
from bot.slack.words.clocks import waiting_on
from bot.slack.words.text import escape, line, listed, said_on_a_line
from bot.slack.words.times import read_instant, when

MOST_WORDS = 200
_OF_CLOCKS = frozenset({Entry.CLOCK_MET, Entry.CLOCK_WARNED, Entry.CLOCK_BREACHED})


def entry(record: Record, policy: Policy, names: Names, several: bool = True) -> str:
    """When, who and what, on one line; long words are cut here and stand whole in the timeline itself.

    Of a clock, whose it is, if there are `several` SLAs.
    """
    if record.what in _OF_CLOCKS and not several:
        record = replace(record, old=None)
    return f"{when(record.at)} · {_SENTENCES[record.what](record, policy, names)}"


Sentence = Callable[[Record, Policy, Names], str]


def _who(record: Record, names: Names) -> str:
    return names.mention(record.by) if record.by else "Baton"


def _person(ref: str | None, names: Names) -> str:
    return names.mention(ref) if ref else "somebody"


def _words(record: Record, names: Names, before: str = ": ") -> str:
    words = said_on_a_line(record.text, names.mention, MOST_WORDS)
    return f"{before}{words}" if words else ""


def _did(what: str) -> Sentence:
    return lambda record, policy, names: f"{_who(record, names)} {what}{_words(record, names)}"


def _said(what: str) -> Sentence:
    """An entry of the bot's own making."""
    return lambda record, policy, names: f"{what}{_words(record, names)}"


def _declared(record: Record, policy: Policy, names: Names) -> str:
    severity = labels.severity(record.new or "", policy)
    return f"{_who(record, names)} declared it, {severity}{_words(record, names)}"


def _paged(record: Record, policy: Policy, names: Names) -> str:
    return f"paged {_person(record.new, names)}"


def _page_declined(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)} can't take it"


def _page_undelivered(record: Record, policy: Policy, names: Names) -> str:
    return f"the page to {_person(record.old, names)} did not arrive{_words(record, names)}"


def _held(record: Record, policy: Policy, names: Names) -> str:
    until = read_instant(record.new)
    return f"nobody is paged before {when(until)}" if until else "nobody is paged yet"


def _responder_paged(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)} asked {_person(record.new, names)} to join{_words(record, names)}"


def _responder_unanswered(record: Record, policy: Policy, names: Names) -> str:
    return f"{_person(record.new, names)} was asked to join and did not answer"


def _contacted(record: Record, policy: Policy, names: Names) -> str:
    return f"paged {_person(record.new, names)} by {line(record.old or 'another way', 60)}, too"


def _contact_failed(record: Record, policy: Policy, names: Names) -> str:
    way = line(record.old or "another way", 60)
    return f"{_person(record.new, names)} could not be paged by {way}{_words(record, names)}"


def _escalated(record: Record, policy: Policy, names: Names) -> str:
    who = f"{names.mention(record.by)} " if record.by else ""
    return f"{who}escalated{_words(record, names)}"


def _status(record: Record, policy: Policy, names: Names) -> str:
    old, new = labels.status(record.old or ""), labels.status(record.new or "")
    return f"{_who(record, names)} moved it from {old} to {new}{_words(record, names)}"


def _severity(record: Record, policy: Policy, names: Names) -> str:
    old, new = labels.severity(record.old or "", policy), labels.severity(record.new or "", policy)
    return f"{_who(record, names)} changed the severity from {old} to {new}{_words(record, names)}"


def _role(record: Record, policy: Policy, names: Names) -> str:
    return f"{_person(record.new, names)} is {escape(record.text or 'lead')}, by {_who(record, names)}"


def _clock(what: str) -> Sentence:
    def told(record: Record, policy: Policy, names: Names) -> str:
        name = labels.clock(Clock(record.new)) if record.new in list(Clock) else escape(record.new or "")
        whose = f" ({line(record.old, 60)})" if record.old else ""
        return f"{name}{whose} {what}{_words(record, names)}"

    return told


def _waiting(record: Record, policy: Policy, names: Names) -> str:
    on, _, last = (record.new or "").partition(" until ")
    at = read_instant(last)
    until = f" until {when(at)}" if at else ""
    return f"{_who(record, names)}: it waits on {waiting_on(on)}{until}{_words(record, names)}"


def _waiting_ended(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)}: it no longer waits on {waiting_on(record.old or '')}{_words(record, names)}"


def _corrected(record: Record, policy: Policy, names: Names) -> str:
    moment, _, now = (record.new or "").partition(" ")
    was, at = read_instant((record.old or "").partition(" ")[2]), read_instant(now)
    told = f"it was {line(moment, 40)} {when(at)}" if at else "a time"
    return f"{_who(record, names)} corrected: {told}{f', not {when(was)}' if was else ''}{_words(record, names)}"


def _merged(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)} merged it into INC-{escape(record.new or '')}{_words(record, names)}"


def _took_in(record: Record, policy: Policy, names: Names) -> str:
    number = (record.new or "").partition(" ")[0]
    return f"{_who(record, names)} merged INC-{escape(number)} into this{_words(record, names)}"


def _channel(record: Record, policy: Policy, names: Names) -> str:
    return f"made the channel #{escape(record.new or '')}"


def _given_up(record: Record, policy: Policy, names: Names) -> str:
    return f"gave up {escape(record.old or 'a message')}{_words(record, names)}"


def _runbook_step(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)}: step {escape(record.old or '')} {escape(record.new or '')}{_words(record, names)}"


def _runbook_finished(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)} finished the runbook {escape(record.new or '')}"


def _runbook_stopped(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)} stopped the runbook {escape(record.new or '')}"


def _runbook_rated(record: Record, policy: Policy, names: Names) -> str:
    helped = "helped" if record.new == "yes" else "did not help"
    return f"{_who(record, names)}: the runbook {escape(record.old or '')} {helped}{_words(record, names)}"


def _step_assigned(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)} gave step {escape(record.old or '')} to {_person(record.new, names)}"


def _labels(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)} {labels.changed_of_an_alert(record.new, record.old)}"


def _evidence(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)} saw at step {escape(record.old or '')}{_words(record, names)}"


def _action_asked(record: Record, policy: Policy, names: Names) -> str:
    what = "for a dry run of" if record.new else "for"
    return f"{_who(record, names)} asked {what} the action of step {escape(record.old or '')}{_words(record, names)}"


def _action_ended(record: Record, policy: Policy, names: Names) -> str:
    known = {"done": "is done", "failed": "failed", "unknown": "was cut off, and may have been done or not"}
    how = known.get(record.new or "", escape(record.new or "ended"))
    return f"the action of step {escape(record.old or '')} {how}{_words(record, names)}"


def _category(record: Record, policy: Policy, names: Names) -> str:
    old = f" from {labels.category(record.old, policy)}" if record.old else ""
    new = labels.category(record.new, policy)
    return f"{_who(record, names)} changed the category{old} to {new}{_words(record, names)}"


def _handoff(record: Record, policy: Policy, names: Names) -> str:
    at = " at the change of shift" if record.text else ""  # the handoff; none if it was handed over alone
    before = f" from {names.mention(record.old)}" if record.old else ""
    return f"{_person(record.new, names)} took it over{before}{at}"


def _handed_over(record: Record, policy: Policy, names: Names) -> str:
    people = listed([_person(person, names) for person in (record.new or "").split()], "or")
    return f"the shift changed: it waits until {people} accepts it"


def _taken_over(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)} accepted it at the change of shift"


def _lead_offered(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)} asked {_person(record.new, names)} to take the lead"


def _lead_offer_declined(record: Record, policy: Policy, names: Names) -> str:
    return f"{_who(record, names)} can't take the lead from {_person(record.old, names)}"


_SENTENCES: Mapping[Entry, Sentence] = {
    Entry.DECLARED: _declared,
    Entry.ACKNOWLEDGED: _did("acknowledged"),
    Entry.PAGED: _paged,
    Entry.PAGE_DECLINED: _page_declined,
    Entry.PAGE_UNDELIVERED: _page_undelivered,
    Entry.ESCALATED: _escalated,
    Entry.STEP_SKIPPED: _said("a step was passed over"),
    Entry.HELD: _held,
    Entry.RESPONDER_PAGED: _responder_paged,
    Entry.RESPONDER_JOINED: _did("joined"),
    Entry.RESPONDER_UNANSWERED: _responder_unanswered,
    Entry.CONTACTED: _contacted,
    Entry.CONTACT_FAILED: _contact_failed,
    Entry.PATH_EXHAUSTED: _said("the escalation path has run out"),
    Entry.PAGED_AGAIN: _said("started the path again"),
    Entry.STATUS: _status,
    Entry.SEVERITY: _severity,
    Entry.ROLE: _role,
    Entry.UPDATE: _did("updated"),
    Entry.NOTE: _did("noted"),
    Entry.CLOCK_MET: _clock("met"),
    Entry.CLOCK_WARNED: _clock("is due soon"),
    Entry.CLOCK_BREACHED: _clock("is late"),
    Entry.CHANNEL: _channel,
    Entry.GIVEN_UP: _given_up,
    Entry.RUNBOOK_STARTED: _did("started the runbook"),
    Entry.RUNBOOK_STEP: _runbook_step,
    Entry.RUNBOOK_FINISHED: _runbook_finished,
    Entry.RUNBOOK_STOPPED: _runbook_stopped,
    Entry.RUNBOOK_RATED: _runbook_rated,
    Entry.STEP_ASSIGNED: _step_assigned,
    Entry.EVIDENCE: _evidence,
    Entry.ACTION_ASKED: _action_asked,
    Entry.ACTION_APPROVED: _did("approved"),
    Entry.ACTION_REFUSED: _did("refused"),
    Entry.ACTION_BEGAN: _said("began"),
    Entry.ACTION_ENDED: _action_ended,
    Entry.CATEGORY: _category,
    Entry.LABELS: _labels,
    Entry.HANDOFF: _handoff,
    Entry.HANDED_OVER: _handed_over,
    Entry.TAKEN_OVER: _taken_over,
    Entry.LEAD_OFFERED: _lead_offered,
    Entry.LEAD_OFFER_DECLINED: _lead_offer_declined,
    Entry.WAITING: _waiting,
    Entry.WAITING_ENDED: _waiting_ended,
    Entry.CORRECTED: _corrected,
    Entry.MERGED: _merged,
    Entry.TOOK_IN: _took_in,
}
