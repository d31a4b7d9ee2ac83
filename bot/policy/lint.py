"""What is allowed and yet doubtful in runbooks and commands: old, ownerless, without a limit, too long to show."""

from collections.abc import Iterator
from datetime import date

from bot.policy import durations
from bot.policy.actions import USUAL, Action, HttpCall
from bot.policy.model import Policy
from bot.policy.runbook import Runbook, RunbookStep
from bot.policy.tree import Loc

Warned = tuple[Loc, str]

MOST_STEPS = 100
LONGEST_TITLE = 150
LONGEST_STEP = 2500  # characters; Slack shows the rest of it cut
MOST_ANSWERS = 15
LONGEST_ANSWER = 75  # what fits on a button
_READS = ("GET", "HEAD")
_SECRETS = ("authorization", "cookie", "token", "secret", "password", "key")  # in the names of headers


def warnings(policy: Policy, today: date) -> Iterator[Warned]:
    """Each as (where it stands, sentence). What no policy may have is a fault, and the loader tells it."""
    for name, runbook in policy.runbooks.items():
        for loc, sentence in _of_runbook(runbook, policy, today):
            yield ("runbooks", name, *loc), sentence
    for name in dict.fromkeys(_called(policy)):
        if name in policy.commands and policy.commands[name].timeout is None:
            yield ("commands", name), _no_limit()


def _called(policy: Policy) -> Iterator[str]:
    steps = (step for runbook in policy.runbooks.values() for step in runbook.steps)
    for action in (action for step in steps for action in (step.run, step.dry_run)):
        if action is not None and action.command is not None:
            yield action.command.command


def _of_runbook(runbook: Runbook, policy: Policy, today: date) -> Iterator[Warned]:
    if runbook.owner is None:
        yield (), 'it has no "owner", so nobody is told when it grows old; name a team'
    yield from _review(runbook, policy, today)
    if len(runbook.title) > LONGEST_TITLE:
        yield ("title",), f"this title has {len(runbook.title)} characters, and Slack shows {LONGEST_TITLE}; shorten it"
    if len(runbook.steps) > MOST_STEPS:
        yield ("steps",), f"{len(runbook.steps)} steps are more than anybody follows; make several runbooks of them"
    for index, step in enumerate(runbook.steps):
        for loc, sentence in (*_length(step), *_answers(step), *_actions(step)):
            yield ("steps", index, *loc), sentence


def _review(runbook: Runbook, policy: Policy, today: date) -> Iterator[Warned]:
    age, within = runbook.age(today), policy.workspace.runbooks_reviewed_within
    then = f'go through it, then write "reviewed: {today}"'
    if age is None:
        yield (), f"nobody has reviewed it yet; {then}"
    elif age > within:
        yield ("reviewed",), f"last reviewed {age.days} days ago, and {within.days} are allowed; {then}"
    elif age.days < -1:  # somewhere it is tomorrow already
        yield ("reviewed",), f"{runbook.reviewed} is a day to come; write the day on which it was reviewed"


def _length(step: RunbookStep) -> Iterator[Warned]:
    length = len(step.text) + len(step.expect or "")
    if length > LONGEST_STEP:
        yield (), f"this step has {length} characters, and Slack shows {LONGEST_STEP}; make two steps of it"


def _answers(step: RunbookStep) -> Iterator[Warned]:
    if len(step.answers) > MOST_ANSWERS:
        yield ("answers",), f"of {len(step.answers)} answers only {MOST_ANSWERS} are shown; ask two questions"
    for answer in step.answers:
        if len(answer) > LONGEST_ANSWER:
            sentence = f"this answer has {len(answer)} characters, and a button shows {LONGEST_ANSWER}; shorten it"
            yield ("answers", answer), sentence
    leads = set(step.answers.values())
    if len(leads) == 1:
        instead = 'let one lead elsewhere, or write "check" or "do"'
        yield ("answers",), f'every answer leads to "{leads.pop()}"; {instead}'


def _actions(step: RunbookStep) -> Iterator[Warned]:
    for key, action in (("run", step.run), ("dry_run", step.dry_run)):
        if action is not None and action.http is not None:
            yield from (((key, "http", *loc), sentence) for loc, sentence in _http(action.http))
    if step.run is not None and _changes(step.run) and step.approve is None and not step.safe:
        consent = 'write "approve: lead", or "safe: true" if whoever is on call may do it'
        yield ("run",), f"this changes another system, and nobody need consent; {consent}"
    if step.safe and step.approve is not None:
        yield ("safe",), f'it is called safe, and yet {step.approve} must consent; remove "safe" or "approve"'


def _http(call: HttpCall) -> Iterator[Warned]:
    if call.timeout is None:
        yield (), _no_limit()
    for header, value in call.headers.items():
        if any(word in header.lower() for word in _SECRETS) and not value.startswith("env:"):
            instead = "put its value into an environment variable, and write env:NAME"
            yield ("headers", header), f"this looks like a secret that anybody can read here; {instead}"


def _changes(action: Action) -> bool:
    return action.command is not None or (action.http is not None and action.http.method not in _READS)


def _no_limit() -> str:
    limit = durations.written(USUAL)
    return f'it has no time limit of its own and is given up after {limit}; write "timeout: {limit}", or what it needs'
