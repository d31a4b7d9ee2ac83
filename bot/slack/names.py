"""Who is who: people as the configuration knows them and as Slack does."""

import re
from collections.abc import Mapping

from bot.policy.model import Policy
from bot.slack.words.text import line

_SLACK_ID = re.compile(r"[UW][A-Z0-9_]+", re.ASCII)


class Names:
    """`looked_up` are the people found in Slack by their e-mail address: key to Slack user id."""

    def __init__(self, policy: Policy, looked_up: Mapping[str, str]) -> None:
        self._people = policy.people
        self._slack = dict(looked_up) | {key: person.slack for key, person in policy.people.items() if person.slack}
        self._refs = {slack: key for key, slack in self._slack.items() if key in policy.people}

    def slack(self, ref: str) -> str | None:
        """The Slack user id of a person; None if there is no way to tell."""
        if ref in self._slack:
            return self._slack[ref]
        return ref if ref not in self._people and _SLACK_ID.fullmatch(ref) else None

    def ref(self, slack_id: str) -> str:
        """How the rest of the house names this Slack user."""
        return self._refs.get(slack_id, slack_id)

    def mention(self, ref: str) -> str:
        """The person as a mention, or their name (escaped) if Slack does not know them."""
        slack_id = self.slack(ref)
        return f"<@{slack_id}>" if slack_id else line(self.name(ref))

    def name(self, ref: str) -> str:
        """The person's name in plain text, not escaped."""
        person = self._people.get(ref)
        return person.name if person else ref
