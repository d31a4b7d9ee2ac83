"""Labels of the alert that an incident is about: set, taken away, and what fits by them."""

import pytest

from bot.core.effects import Entry, Notice, OfferRunbooks, Record
from bot.core.events import IncidentEvent, LabelsChanged
from bot.core.instructions import filled_in
from bot.core.labels import MOST_LABELS
from tests.core.given import World, declared, history, policy, refused, resolved

BOOK = {
    "id": "late",
    "title": "It is late",
    "applies_to": {"labels": {"alertname": "Late"}},
    "steps": [{"id": "look", "do": "Look."}],
}
KNOWN = policy(runbooks={"late": BOOK})


def labelled(**labels: str) -> IncidentEvent:
    return LabelsChanged(number=1, by="amina", labels=labels)


def given(*events: IncidentEvent) -> World:
    return history(declared(), *events, policy=KNOWN)


def test_labels_are_set_changed_and_taken_away() -> None:
    world = given(labelled(alertname="Late", job="scoring"), labelled(alertname="Wrong", job=""))
    assert world.incident.labels == (("alertname", "Wrong"),)
    last = [entry for entry in world.done(Record) if entry.what is Entry.LABELS][-1]
    assert (last.old, last.new) == ("job", "alertname=Wrong")
    assert world.notices[-1] is Notice.LABELS


def test_what_fits_by_them_is_offered_with_the_reason() -> None:
    first, anew = given(labelled(alertname="Late")).done(OfferRunbooks)
    assert "late" not in dict(first.runbooks)
    assert anew.runbooks[0] == ("late", "because alertname is Late")


def test_nothing_is_offered_again_for_a_label_of_which_no_runbook_speaks() -> None:
    world = given(labelled(alertname="Late"))
    before = world.done(OfferRunbooks)
    assert world.happens(labelled(team="x")).done(OfferRunbooks) == before


def test_the_texts_of_runbooks_name_them() -> None:
    world = given(labelled(job="scoring"))
    assert filled_in("Rerun {{ alert.job | default('it') }}.", world.incident, KNOWN) == "Rerun scoring."


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ({"alert name": "Late"}, "“alert name” cannot name a label: letters, digits and _, such as alertname."),
        ({"job": "x" * 201}, "The value of job is longer than 200 characters."),
        ({"_job": "x"}, "“_job” cannot name a label: letters, digits and _, such as alertname."),
        ({"job": ""}, "INC-1 has no such label."),
        ({"alertname": "Late"}, "INC-1 has these labels already."),
        ({f"l{n}": "x" for n in range(MOST_LABELS)}, "An incident has at most 30 labels."),
    ],
)
def test_what_cannot_be_is_refused(labels: dict[str, str], sentence: str) -> None:
    assert refused(given(labelled(alertname="Late")), labelled(**labels)) == sentence


def test_what_has_ended_keeps_its_labels() -> None:
    assert "INC-1" in refused(given(resolved()), labelled(job="x"))
