"""Buttons: what each click lets happen. What it changes shows itself; only refusals and forms are answered."""

from collections.abc import Callable, Mapping

from bot.core import events as happened
from bot.core.effects import PublishHome
from bot.core.incident import Incident, Role, Status
from bot.slack import ids
from bot.slack.ids import Button
from bot.slack.listeners import commands, handoffs, merging, oncall_actions, paging, runbook_actions, sla
from bot.slack.listeners.asked import Answer, Asked, Unclear, answered
from bot.slack.listeners.click import Click
from bot.slack.views import lists, modals
from bot.slack.words import answers


def clicked(asked: Asked, action: Callable[[Click], Answer]) -> None:
    click = Click(asked, ids.carried(asked.body["actions"][0].get("value")))
    answer = answered(lambda: action(click))
    asked.ack()
    asked.reply(answer)
    if (asked.body.get("view") or {}).get("type") == "home":
        asked.engine.post(PublishHome(person=asked.by))


def unknown(click: Click) -> Answer:
    raise Unclear(answers.no_such_button())


def acknowledge(click: Click) -> Answer:
    page = click.about.get("page")
    click.asked.does(happened.IncidentAcknowledged(number=click.number, by=click.by, page=page))
    return None


def escalate(click: Click) -> Answer:
    click.asked.does(happened.EscalationAsked(number=click.number, by=click.by))
    return None


def decline_page(click: Click) -> Answer:
    click.asked.does(happened.PageDeclined(number=click.number, by=click.by, page=click.fact("page")))
    return None


def page(click: Click) -> Answer:
    return paging.form(click.asked, click.asked.incident(click.number))


def take_lead(click: Click) -> Answer:
    click.asked.does(happened.RoleTaken(number=click.number, by=click.by, role=Role.LEAD, person=click.by))
    return None


def mitigated(click: Click) -> Answer:
    click.asked.does(happened.StatusMoved(number=click.number, by=click.by, to=Status.MONITORING))
    return None


def reopen(click: Click) -> Answer:
    click.asked.does(happened.IncidentReopened(number=click.number, by=click.by))
    return None


def close(click: Click) -> Answer:
    click.asked.does(happened.IncidentClosed(number=click.number, by=click.by))
    return None


def declare(click: Click) -> Answer:
    return modals.declare(click.asked.policy)


def update(click: Click) -> Answer:
    return modals.update(_open(click), click.asked.names)


def status(click: Click) -> Answer:
    return modals.status(_open(click))


def severity(click: Click) -> Answer:
    return modals.severity(_open(click), click.asked.policy)


def resolve(click: Click) -> Answer:
    return modals.resolve(_open(click))


def _open(click: Click) -> Incident:
    """The incident, if it is still open: a form that would be refused does not open."""
    found = click.asked.incident(click.number)
    if not found.is_open:
        raise Unclear(answers.not_open(found))
    return found


def merge(click: Click) -> Answer:
    return merging.form(click.asked, _open(click))


def category(click: Click) -> Answer:
    return commands.category_form(click.asked, _open(click))


def show(click: Click) -> Answer:
    asked, found = click.asked, click.asked.incident(click.number)
    return lists.show(found, asked.present(), asked.names, asked.now, asked.survivor(found))


def list_(click: Click) -> Answer:
    return commands.list_(click.asked, "")


def help_(click: Click) -> Answer:
    return lists.help_()


BUTTONS: Mapping[Button, Callable[[Click], Answer]] = {
    Button.ACKNOWLEDGE: acknowledge,
    Button.ESCALATE: escalate,
    Button.DECLINE_PAGE: decline_page,
    Button.PAGE: page,
    Button.DECLARE: declare,
    Button.UPDATE: update,
    Button.STATUS: status,
    Button.SEVERITY: severity,
    Button.RESOLVE: resolve,
    Button.TAKE_LEAD: take_lead,
    Button.MITIGATED: mitigated,
    Button.REOPEN: reopen,
    Button.CLOSE: close,
    Button.MERGE: merge,
    Button.SHOW: show,
    Button.LIST: list_,
    Button.HELP: help_,
    Button.PAUSE: sla.pause_clicked,
    Button.RESUME: sla.resume_clicked,
    Button.EXPLAIN: sla.explain_clicked,
    Button.CATEGORY: category,
    **runbook_actions.BUTTONS,
    **oncall_actions.BUTTONS,
    **handoffs.BUTTONS,
}
