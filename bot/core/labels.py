"""Labels of the alert that an incident is about, such as alertname: by them runbooks fit better."""

from bot.core import runbook
from bot.core.decision import Draft, Refused
from bot.core.effects import Entry, Notice
from bot.core.events import LabelsChanged
from bot.core.instructions import fitting
from bot.policy.runbook import LABEL, LONGEST_LABEL

MOST_LABELS = 30


def changed(draft: Draft, event: LabelsChanged) -> None:
    draft.must_be_open()
    before = dict(draft.incident.labels)
    given = {name: value.strip() for name, value in event.labels.items()}
    for name, value in given.items():
        _must_be_sound(name, value)
    after = {name: value for name, value in {**before, **given}.items() if value}
    if after == before:
        has = "has these labels already" if any(given.values()) else "has no such label"
        raise Refused(f"{draft.incident.name} {has}.")
    if len(after) > MOST_LABELS:
        raise Refused(f"An incident has at most {MOST_LABELS} labels.")
    fitted = fitting(draft.incident, draft.policy)
    draft.change(labels=tuple(sorted(after.items())))
    set_, gone = _written(after, before), " ".join(name for name in before if name not in after)
    draft.record(event.by, Entry.LABELS, old=gone or None, new=set_ or None)
    draft.tell(Notice.LABELS, by=event.by, old=gone, new=set_)
    if fitting(draft.incident, draft.policy) != fitted:
        runbook.offer(draft)


def _written(after: dict[str, str], before: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in after.items() if before.get(name) != value)


def _must_be_sound(name: str, value: str) -> None:
    if LABEL.fullmatch(name) is None:
        raise Refused(f"“{name[:60]}” cannot name a label: letters, digits and _, such as alertname.")
    if len(value) > LONGEST_LABEL:
        raise Refused(f"The value of {name} is longer than {LONGEST_LABEL} characters.")
