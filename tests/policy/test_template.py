"""The `{{ … }}` of runbooks: what they may use, and that rendering never fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.model import Service, ServiceKind
from bot.policy.template import Use, has, problems, render, service_names, uses

CHURN = Service(name="Churn", kind=ServiceKind.BATCH_INFERENCE, links={"dashboard": "https://d.example"})
NAMES = {
    "incident": {"number": 42, "title": "Stale <b> & {{ x }}", "channel": None},
    "service": service_names("churn", CHURN),
}


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("No template here.", "No template here."),
        ("INC-{{ incident.number }} of {{ service.id }}", "INC-42 of churn"),
        ("{{ service.links.dashboard }}", "https://d.example"),
        ("{{ service.kind }} {{ service.name | upper }}", "batch-inference CHURN"),
        ("{{ service.freshness | default('24 hours') }}", "24 hours"),
        ("{% if service.freshness %}{{ service.freshness }}{% else %}any age{% endif %}", "any age"),
        ("{{ 'tier one' if service.tier == 1 else 'lower' }}", "lower"),
        ("{{ 'big' if service.tier == 1 }}", ""),
        ("{{ incident.title }}", "Stale <b> & {{ x }}"),
    ],
)
def test_a_name_that_has_a_value_is_filled_in(text: str, rendered: str) -> None:
    assert render(text, NAMES) == rendered


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("Open {{ service.links.jobs }}.", "Open (not set: service.links.jobs)."),
        ("{{ service.freshness }}", "(not set: service.freshness)"),
        ("{{ incident.channel }}", "(not set: incident.channel)"),
        ("{{ weather.today.rain }}", "(not set: weather.today.rain)"),
        ("{{ service.links.jobs | upper }}", "(NOT SET: SERVICE.LINKS.JOBS)"),
    ],
)
def test_a_name_without_a_value_stays_visible(text: str, rendered: str) -> None:
    assert render(text, NAMES) == rendered


@pytest.mark.parametrize(
    "text",
    [
        "{{ service.links.dashboard }",
        "{% if %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ service.name.upper() }}",
        "{{ 1 / 0 }}",
        "{% for x in service %}{{ x }}{% endfor %}",
        "{% include 'secrets' %}",
        "{{ service.tier < service.freshness }}",
        "{{ service.name | upper(1, 2) }}",
        "{{ service.name | default('a', 'b', 'c') }}",
        "{{ service.name is defined(1) }}",
        "{{ service.tier is divisibleby 0 }}",
    ],
)
def test_what_could_fail_or_reach_out_is_told_beforehand_and_shown_as_it_stands(text: str) -> None:
    assert problems(text)
    assert render(text, NAMES) == text or "not set" in render(text, NAMES)


@given(st.text(alphabet="{}%|. 'abincidentservice_()[]<>=+-*/~#", max_size=40))
def test_rendering_never_raises(text: str) -> None:
    assert isinstance(render(text, NAMES), str)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ incident.titel }}", 'but the incident has no "titel"; did you mean "title"?'),
        ("{{ service.link.jobs }}", 'but the service has no "link"; did you mean "links"?'),
        ("{{ service.links }}", "write service.links.NAME"),
        ("{{ service.name.first }}", '"service.name" has nothing inside'),
        ("{{ service }}", 'uses "service" alone'),
        ("{{ team.name }}", "only incident.…, service.…, alert.…, people.… and inputs.… are known"),
        ("{{ alert.job }}", "not every incident has the label \"job\"; write {{ alert.job | default('…') }}"),
        ("{{ alert }}", 'uses "alert" alone'),
        ("{{ alert.__class__ | default('x') }}", "is private"),
        ("{{ alert._x | default('x') }}", "is private"),
        ("{{ alert.job.name | default('x') }}", '"alert.job" has nothing inside'),
        ("{{ service.links[0] }}", '"getitem" is not used here'),
    ],
)
def test_an_unknown_name_is_told(text: str, sentence: str) -> None:
    (problem,) = problems(text)
    assert sentence in problem


def test_a_label_of_the_alert_may_be_missing() -> None:
    text = "{{ alert.job | default('the job') }}"
    assert problems(text) == []
    assert render(text, {"alert": {"job": "scoring"}}) == "scoring"
    assert render(text, {"alert": {}}) == "the job"


def test_a_use_is_covered_by_a_default_or_by_a_condition() -> None:
    condition = "{% if service.customer %}{{ service.customer }}{% endif %}"
    text = "{{ service.links.jobs }} {{ service.model | default('x') }}" + condition
    covered = {str(use): use.covered for use in uses(text)}
    assert covered == {"service.links.jobs": False, "service.model": True, "service.customer": True}


def test_a_service_has_what_is_written_for_it_and_no_more() -> None:
    assert has("churn", CHURN, Use(("service", "links", "dashboard"), covered=False))
    assert has("churn", CHURN, Use(("service", "tier"), covered=False))
    assert not has("churn", CHURN, Use(("service", "links", "jobs"), covered=False))
    assert not has("churn", CHURN, Use(("service", "freshness"), covered=False))
