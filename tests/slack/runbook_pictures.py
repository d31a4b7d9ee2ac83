"""Pictures of runbooks: each kind of step, each state of an action, the forms, and runbooks to read."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.core import events as happened
from bot.core import runbook_events as walked
from bot.core.effects import PostNotice
from bot.core.events import IncidentEvent
from bot.core.incident import ActionState, Message, RunbookRun, StepState
from bot.core.instructions import filling
from bot.policy.model import Policy
from bot.policy.template import render
from bot.reports import runbook_stats as reports
from bot.slack.views import modals, reading, runbook, runbook_forms, runbook_stats
from bot.slack.views.card import card
from bot.slack.views.drawn import Drawn
from bot.slack.views.notice import notice
from tests.slack.build import NAMES, NINE, POLICY, History

Picture = Drawn | dict[str, Any]

STEPS: list[dict[str, Any]] = [
    {"id": "look", "check": "Compare the rows with last week.", "expect": "Within 10 %.", "wrong": "part"},
    {"id": "quiet", "wait": "10m", "why": "the job runs every five minutes", "stalls_after": "20m"},
    {"id": "part", "input": "Which partition is broken?", "name": "partition", "matches": r"\d{4}-\d\d-\d\d"},
    {
        "id": "restart",
        "run": {"command": "restart", "with": {"day": "{{ inputs.partition }}"}},
        "why": "Only the broken day runs again.",
        "expect": "The day is written.",
        "approve": "lead",
    },
    {
        "id": "post",
        "run": {"http": {"method": "POST", "url": "https://jobs/{{ inputs.partition }}", "body": '{"force": true}'}},
        "expect": "200 OK",
    },
    {"id": "worse", "run": {"severity": "sev1"}},
]
BOOKS = {
    "mend": {
        "id": "mend",
        "title": "Mend a <partition>",
        "owner": "support",
        "reviewed": "2025-01-01",
        "applies_to": {"services": ["churn-scoring"], "categories": ["pipeline.failure"]},
        "steps": STEPS,
    },
    "lock": {
        "id": "lock",
        "title": "Lock the deployments",
        "steps": [{"id": "lock", "do": "Lock <them>.", "approve": "lead"}, {"id": "tell", "do": "Tell their owners."}],
    },
    "bare": {"id": "bare", "title": "Look around", "steps": [{"id": "look", "do": "Open {{ service.links.jobs }}."}]},
}
_MORE = Policy.model_validate(
    {
        "categories": {"pipeline.failure": {"name": "Pipeline failure"}, "drift.data": {"name": "Data drift"}},
        "commands": {
            "restart": {
                "run": ["restart-job", "--day", "{day}"],
                "dry_run": ["restart-job", "--plan", "{day}"],
                "arguments": {"day": r"[\d-]+"},
            }
        },
        "runbooks": BOOKS,
    }
)
WITH_ALL = POLICY.model_copy(
    update={
        "categories": _MORE.categories,
        "commands": _MORE.commands,
        "runbooks": {**_MORE.runbooks, **POLICY.runbooks},
    }
)


def started() -> History:
    """Luis, who leads, walks “Mend a <partition>”."""
    history = History(WITH_ALL).happens(
        happened.IncidentDeclared(
            number=42,
            by="luis",
            title="Scores are stale",
            severity="sev2",
            service="churn-scoring",
            category="pipeline.failure",
        )
    )
    history.happens(happened.ChannelCreated(number=42, channel="C042", name="inc-42"))
    history.happens(happened.CardPosted(number=42, message=Message("C042", "1.1")))
    history.happens(happened.IncidentAcknowledged(number=42, by="luis"))
    history.happens(walked.RunbookStarted(number=42, by="amina", runbook="mend"))
    return history.happens(walked.RunbookPosted(number=42, run="42-r1", message=Message("C042", "2.2")))


def at(step: str, history: History | None = None) -> History:
    """Walked until this step is in hand."""
    history = history or started()
    while (present := _run(history).present) != step:
        answer = "2026-03-01" if present == "part" else None
        by = "luis" if present == "restart" else "amina"  # to which the lead must consent
        history.passes(minutes=1).happens(_taken(present or "", StepState.DONE, answer, by=by))
    return history


def _taken(
    step: str, state: StepState, answer: str | None = None, reason: str = "", by: str = "amina"
) -> IncidentEvent:
    return walked.RunbookStepTaken(number=42, by=by, run="42-r1", step=step, state=state, answer=answer, reason=reason)


def asked(step: str, by: str = "amina", dry: bool = False, history: History | None = None) -> History:
    found = at(step, history).passes(minutes=1)
    return found.happens(walked.ActionAsked(number=42, by=by, run="42-r1", step=step, dry=dry))


def ended(history: History, state: ActionState, result: str = "") -> History:
    action = _run(history).actions[-1].id
    history.happens(walked.ActionBegan(number=42, run="42-r1", action=action)).passes(minutes=1)
    return history.happens(walked.ActionEnded(number=42, run="42-r1", action=action, state=state, result=result))


def dry() -> History:
    return ended(asked("restart", dry=True), ActionState.DONE, "would run 2026-03-01\n``` <!channel> & more ```")


def wants() -> History:
    """The dry run was looked at, and Amina asks for the real one, to which the lead must consent."""
    return asked("restart", history=dry())


def _run(history: History) -> RunbookRun:
    return history.incident.runs[0]


def drawn(history: History) -> Drawn:
    return runbook.run(_run(history), history.incident, WITH_ALL, NAMES, history.now)


def _refused() -> History:
    waits = wants().passes(minutes=1)
    return waits.happens(walked.ActionRefused(number=42, by="luis", run="42-r1", step="restart", reason="Not <now>"))


def _running() -> History:
    history = asked("post")
    return history.happens(walked.ActionBegan(number=42, run="42-r1", action="42-r1-a1"))


def _with_evidence() -> History:
    history = started()
    for text in ("The table is <empty>", "https://acme.slack.com/archives/C1/p1", "a third"):
        history.happens(walked.EvidenceAdded(number=42, by="amina", run="42-r1", step="look", text=text))
    return history.happens(walked.StepAssigned(number=42, by="amina", run="42-r1", step="look", person="luis"))


def _wrong() -> History:
    return _with_evidence().happens(_taken("look", StepState.DONE, "wrong"))


def _stopped() -> History:
    return at("part").happens(walked.RunbookStopped(number=42, by="luis", run="42-r1"))


def _rated(helped: bool) -> History:
    rating = walked.RunbookRated(number=42, by="amina", run="42-r1", helped=helped, text="" if helped else "No <!here>")
    return _stopped().happens(rating)


def _by_hand(*events: IncidentEvent) -> History:
    """A step that people do, to which the lead must consent."""
    history = started().happens(walked.RunbookStarted(number=42, by="amina", runbook="lock"))
    for event in events:
        history.passes(minutes=1).happens(event)
    return history


_LOCK: dict[str, Any] = {"number": 42, "run": "42-r2", "step": "lock"}
_ASKS = walked.ActionAsked(**_LOCK, by="amina")


def _second(history: History) -> Drawn:
    return runbook.run(history.incident.runs[1], history.incident, WITH_ALL, NAMES, history.now)


def _finished() -> History:
    """The first action failed, and was done by hand; the second ended the runbook."""
    failed = ended(asked("post"), ActionState.FAILED, "500")
    return asked("worse", history=failed.happens(_taken("post", StepState.FAILED, reason="by hand, too")))


def _notice(history: History) -> Drawn:
    return notice(history.last(PostNotice), history.incident, WITH_ALL, NAMES, "https://acme.slack.com")


def _form(history: History, form: Callable[..., dict[str, Any]], *more: Any) -> dict[str, Any]:
    run = _run(history)
    step = WITH_ALL.runbooks["mend"].step(run.present)
    assert step is not None
    return form(history.incident, run, step, filling(history.incident, WITH_ALL, run), *more)


def _no_incident(text: str, quoted: bool = False) -> str:
    return render(text, {})


def _many() -> Policy:
    books = {f"book-{n}": WITH_ALL.runbooks["bare"].model_copy(update={"id": f"book-{n}"}) for n in range(14)}
    return WITH_ALL.model_copy(update={"runbooks": books})


def _stats() -> list[reports.RunbookStats]:
    dealt = tuple(
        reports.Dealt(step, state, NINE, NINE - timedelta(minutes=4))
        for step, state in (("look", StepState.DONE), ("quiet", StepState.SKIPPED), ("part", StepState.FAILED))
    )
    use = reports.Use(
        "mend",
        42,
        NINE - timedelta(hours=1),
        NINE,
        dealt=dealt,
        helped=False,
        rated_by="amina",
        feedback="Step 2 is <wrong>",
    )
    return reports.stats([use] * 3, WITH_ALL, NINE.date())


RUNBOOK_PICTURES: Mapping[str, Callable[[], Picture]] = {
    "runbook_check": lambda: drawn(started()),
    "runbook_check_assigned": lambda: drawn(_with_evidence()),
    "runbook_looks_wrong": lambda: drawn(_wrong()),
    "runbook_wait": lambda: drawn(at("quiet")),
    "runbook_input": lambda: drawn(at("part")),
    "runbook_action_to_try": lambda: drawn(at("restart")),
    "runbook_action_tried": lambda: drawn(dry()),
    "runbook_action_asked": lambda: drawn(wants()),
    "runbook_action_refused": lambda: drawn(_refused()),
    "runbook_consent_needed": lambda: _second(_by_hand()),
    "runbook_consent_asked": lambda: _second(_by_hand(_ASKS)),
    "runbook_consent_given": lambda: _second(_by_hand(_ASKS, walked.ActionApproved(**_LOCK, by="luis"))),
    "runbook_action": lambda: drawn(at("post")),
    "runbook_action_queued": lambda: drawn(asked("post")),
    "runbook_action_running": lambda: drawn(_running()),
    "runbook_action_done": lambda: drawn(ended(asked("post"), ActionState.DONE, "200\n" + "long " * 900)),
    "runbook_action_failed": lambda: drawn(ended(asked("post"), ActionState.FAILED, "did not answer within 30s")),
    "runbook_action_unknown": lambda: drawn(ended(asked("post"), ActionState.UNKNOWN)),
    "runbook_action_of_ours": lambda: drawn(at("worse")),
    "runbook_walked": lambda: drawn(_finished()),
    "runbook_stopped": lambda: drawn(_stopped()),
    "runbook_helped": lambda: drawn(_rated(True)),
    "runbook_did_not_help": lambda: drawn(_rated(False)),
    "notice_consent_asked": lambda: _notice(wants()),
    "notice_step_stalled": lambda: _notice(started().happens(walked.StepStalled(number=42, run="42-r1", step="look"))),
    "notice_step_assigned": lambda: _notice(_with_evidence()),
    "notice_wait_ended": lambda: _notice(
        at("quiet").happens(walked.StepWaitEnded(number=42, run="42-r1", step="quiet"))
    ),
    "notice_action_failed": lambda: _notice(ended(asked("post"), ActionState.FAILED, "500")),
    "notice_action_unknown": lambda: _notice(ended(asked("post"), ActionState.UNKNOWN)),
    "notice_category": lambda: _notice(
        started().happens(happened.CategoryChanged(number=42, by="amina", to="drift.data"))
    ),
    "runbook_offer_by_category": lambda: runbook.offer(
        [("mend", "because category is pipeline.failure"), ("stale-predictions", "because kind is <x>")],
        started().incident,
        WITH_ALL,
        NINE,
    ),
    "card_with_a_category": lambda: card(started().incident, WITH_ALL, NAMES, NINE),
    "modal_category": lambda: modals.category(started().incident, WITH_ALL) or {},
    "modal_declare_with_categories": lambda: modals.declare(WITH_ALL),
    "modal_skip_step": lambda: _form(started(), runbook_forms.skip_step),
    "modal_fail_step": lambda: _form(started(), runbook_forms.fail_step),
    "modal_step_value": lambda: _form(at("part"), runbook_forms.step_value),
    "modal_assign_step": lambda: _form(started(), runbook_forms.assign_step, "U0AMINA"),
    "modal_evidence": lambda: _form(started(), runbook_forms.evidence),
    "modal_refuse_action": lambda: runbook_forms.refuse_action(
        wants().incident, _run(wants()), _run(wants()).actions[-1]
    ),
    "modal_feedback": lambda: runbook_forms.feedback(_stopped().incident, _run(_stopped()), "Mend a <partition>"),
    "runbook_read": lambda: reading.read(WITH_ALL.runbooks["mend"], WITH_ALL, _no_incident, NINE.date()),
    "runbook_read_in_an_incident": lambda: reading.read(
        WITH_ALL.runbooks["mend"], WITH_ALL, filling(started().incident, WITH_ALL), NINE.date(), 42
    ),
    "runbooks": lambda: reading.every(WITH_ALL, NINE.date()),
    "runbooks_many": lambda: reading.every(_many(), NINE.date(), 42),
    "runbooks_found": lambda: reading.found("a <b>", list(WITH_ALL.runbooks.values()), WITH_ALL, NINE.date(), 42),
    "runbooks_not_found": lambda: reading.found("a <b>", [], WITH_ALL, NINE.date(), 42),
    "runbook_stats": lambda: runbook_stats.stats(_stats(), "90 days"),
    "runbook_stats_of_one": lambda: runbook_stats.stats_of(_stats()[0], "90 days", NAMES),
}
