"""Forms that were sent: each becomes one event. A refusal stands beside the field it is about."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.core import events as happened
from bot.core.events import Event
from bot.core.handoff import MOST_WATCHED
from bot.core.incident import Status
from bot.core.oncall_events import CoverAsked, OverrideSet, SwapAsked
from bot.core.permitted import LONGEST
from bot.policy.model import PageTarget, Waiting
from bot.slack import ids
from bot.slack.ids import INPUT, Field, Modal
from bot.slack.listeners import handoffs, oncall, runbook_forms
from bot.slack.listeners.asked import Asked
from bot.slack.listeners.forms import Form, Sent
from bot.slack.listeners.parse import storable
from bot.slack.words.text import plain


def sent(asked: Asked, form: Form) -> None:
    view = asked.body["view"]
    values = {block: _value(inputs.get(INPUT) or {}, asked) for block, inputs in view["state"]["values"].items()}
    filled = Sent(asked, ids.carried(view.get("private_metadata")), values)
    outcome = asked.engine.handle(form.event(filled), envelope=asked.envelope)
    if outcome.refusal is not None:
        field = _at_fault(filled, form)
        asked.ack(response_action="errors", errors={field: plain(outcome.refusal, asked.names.name)})
        return
    asked.ack()
    if form.answer is not None and outcome.state is not None and not outcome.repeated:
        asked.reply(form.answer(asked, outcome.state))


def _at_fault(sent: Sent, form: Form) -> Field:
    """Of a span that cannot be, the end is what has to be put right; of too much to watch, that."""
    if form.field is Field.START_HERE and len(sent[Field.WATCH].splitlines()) > MOST_WATCHED:
        return Field.WATCH
    if form.field is not Field.START:
        return form.field
    start, end = sent.instant(Field.START), sent.instant(Field.END)
    return Field.START if start < end <= start + LONGEST else Field.END


def _value(state: Mapping[str, object], asked: Asked) -> str:
    """What an input holds: the words, the value of each chosen option or the link of each file on a line, a person, or
    an instant in seconds."""
    chosen = state.get("selected_option")
    several = state.get("selected_options")
    if isinstance(several, list):
        return "\n".join(str(option["value"]) for option in several)
    files = state.get("files")
    if isinstance(files, list):
        links = (file.get("permalink") or file.get("url_private") for file in files)
        return "\n".join(str(link) for link in links if link)
    value = chosen.get("value") if isinstance(chosen, Mapping) else state.get("value")
    value = state.get("selected_date_time") if value is None else value
    user = state.get("selected_user")
    value = asked.names.ref(str(user)) if user else value
    return storable(str(value or ""))


def _declared(form: Sent) -> Event:
    return happened.IncidentDeclared(
        by=form.by,
        title=form[Field.TITLE],
        severity=form[Field.SEVERITY],
        service=form[Field.SERVICE] or None,
        category=form[Field.CATEGORY] or None,
        summary=form[Field.SUMMARY],
    )


def _updated(form: Sent) -> Event:
    status = Status(form[Field.STATUS]) if form[Field.STATUS] else None
    return happened.UpdatePosted(number=form.number, by=form.by, text=form[Field.TEXT], status=status)


def _moved(form: Sent) -> Event:
    return happened.StatusMoved(number=form.number, by=form.by, to=Status(form[Field.STATUS]), note=form[Field.NOTE])


def _severity_changed(form: Sent) -> Event:
    return happened.SeverityChanged(number=form.number, by=form.by, to=form[Field.SEVERITY], reason=form[Field.REASON])


def _resolved(form: Sent) -> Event:
    return happened.IncidentResolved(number=form.number, by=form.by, summary=form[Field.SUMMARY])


def _merged(form: Sent) -> Event:
    into = int(form[Field.INCIDENT])
    return happened.IncidentMerged(number=form.number, by=form.by, into=into, reason=form[Field.REASON])


def _noted(form: Sent) -> Event:
    return happened.NoteAdded(number=int(form[Field.INCIDENT]), by=form.by, text=form[Field.TEXT])


def _responders_paged(form: Sent) -> Event:
    targets = tuple(PageTarget.model_validate(target) for target in form[Field.TARGETS].splitlines())
    return happened.RespondersPaged(number=form.number, by=form.by, targets=targets, note=form[Field.NOTE])


def _category_changed(form: Sent) -> Event:
    return happened.CategoryChanged(number=form.number, by=form.by, to=form[Field.CATEGORY])


def _paused(form: Sent) -> Event:
    on, until = Waiting(form[Field.ON]), form.instant(Field.END)
    return happened.IncidentWaits(number=form.number, by=form.by, on=on, until=until, reason=form[Field.REASON])


def _override_set(form: Sent) -> Event:
    return OverrideSet(
        schedule=form[Field.SCHEDULE],
        by=form.by,
        person=form[Field.PERSON],
        start=form.instant(Field.START),
        end=form.instant(Field.END),
        instead_of=form[Field.INSTEAD_OF] or None,
        reason=form[Field.REASON],
    )


def _cover_asked(form: Sent) -> Event:
    return CoverAsked(
        schedule=form[Field.SCHEDULE],
        by=form.by,
        start=form.instant(Field.START),
        end=form.instant(Field.END),
        reason=form[Field.REASON],
    )


def _swap_asked(form: Sent) -> Event:
    mine, theirs = ids.carried(form[Field.MINE]), ids.carried(form[Field.THEIRS])
    return SwapAsked(
        schedule=form.about["schedule"],
        by=form.by,
        other=theirs["person"],
        mine=datetime.fromtimestamp(int(mine["at"]), UTC),
        theirs=datetime.fromtimestamp(int(theirs["at"]), UTC),
        reason=form[Field.REASON],
    )


FORMS: Mapping[Modal, Form] = {
    Modal.DECLARE: Form(_declared, Field.TITLE),
    Modal.UPDATE: Form(_updated, Field.TEXT),
    Modal.STATUS: Form(_moved, Field.STATUS),
    Modal.SEVERITY: Form(_severity_changed, Field.SEVERITY),
    Modal.RESOLVE: Form(_resolved, Field.SUMMARY),
    Modal.MERGE: Form(_merged, Field.INCIDENT),
    Modal.NOTE: Form(_noted, Field.TEXT),
    Modal.PAGE: Form(_responders_paged, Field.TARGETS),
    Modal.CATEGORY: Form(_category_changed, Field.CATEGORY),
    Modal.PAUSE: Form(_paused, Field.END),
    Modal.OVERRIDE: Form(_override_set, Field.START, oncall.done),
    Modal.COVER: Form(_cover_asked, Field.START, oncall.done),
    Modal.SWAP: Form(_swap_asked, Field.THEIRS, oncall.done),
    **runbook_forms.FORMS,
    **handoffs.FORMS,
}
