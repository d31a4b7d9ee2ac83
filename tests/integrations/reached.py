"""Luis with other ways than Slack, and a world in which he is reached by them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.demo.stage import Stage
from bot.policy.model import Contact, Policy
from tests.faults.worlds import IMPATIENT, ImpatientWorld

MAIL, HOOK = "LUIS_MAIL", "LUIS_HOOK"


def mail(after: timedelta = timedelta()) -> Contact:
    return Contact(env=MAIL, name="e-mail", after=after)


def hook(after: timedelta = timedelta()) -> Contact:
    return Contact(env=HOOK, name="webhook", after=after)


def with_contacts(policy: Policy, *contacts: Contact) -> Policy:
    """The policy in which Luis has these."""
    luis = policy.people["luis"].model_copy(update={"contact": contacts})
    return policy.model_copy(update={"people": {**policy.people, "luis": luis}})


class ReachedWorld(ImpatientWorld):
    def __init__(self, policy: Policy, database: str, environ: Mapping[str, str], **more: Any) -> None:
        super().__init__(policy, database, **more)
        self.stage = Stage(policy, database, self.clock, slack_timeout=IMPATIENT, environ=environ)
