"""The policy as it holds at present: with the stand-ins that are in force and the calendars as last read."""

from contextlib import closing
from datetime import datetime, timedelta

from bot.core.feeds import feed_of
from bot.policy.model import Policy
from bot.policy.schedules import with_feed
from bot.store.engines import BadAddress
from bot.store.migrations import NewerDatabase, OlderDatabase
from bot.store.reading import Reading
from bot.store.store import Store

KEPT = timedelta(days=35)  # how long a stand-in that is over still tells since when somebody has the pager

Key = tuple[str, str]  # schedule and layer


class Present:
    def __init__(self, policy: Policy) -> None:
        """`policy` is what the configuration says."""
        self._policy = policy
        self._has_feeds = any(layer.feed for schedule in policy.schedules.values() for layer in schedule.layers)
        self._read: tuple[dict[Key, tuple[str, datetime]], Policy] = ({}, policy)  # what was read, and what it made

    def policy(self, read: Reading, since: datetime) -> Policy:
        """As it stands in the database; stand-ins that were over well before `since` are left out."""
        policy = self._with_feeds(read) if self._has_feeds else self._policy
        known = policy.people  # whoever has left cannot be paged, so the layers answer again
        overrides = tuple(override for override in read.overrides(since - KEPT) if override.person in known)
        return policy.model_copy(update={"overrides": overrides}) if overrides else policy

    def _with_feeds(self, read: Reading) -> Policy:
        marks = {key: (mark.address, mark.changed_at) for key, mark in read.feed_marks().items() if mark.changed_at}
        known, policy = self._read
        if marks == known:
            return policy
        schedules = dict(self._policy.schedules)
        for (name, layer), (address, _) in marks.items():
            feed = feed_of(name, layer, self._policy)
            if feed is not None and feed.ical == address:
                schedules[name] = with_feed(schedules[name], layer, read.feed_shifts(name, layer))
        policy = self._policy.model_copy(update={"schedules": schedules})
        self._read = (marks, policy)
        return policy


def with_what_stands(database: str, policy: Policy, since: datetime) -> tuple[Policy, str]:
    """The policy with the stand-ins and calendars that the database knows of, for a command that only looks.

    Beside it a sentence if the database cannot be asked; empty if it could, or if there is none.
    """
    try:
        with closing(Store(database)) as store:
            if not store.exists:
                return policy, ""
            store.must_be_current()
            with store.reading() as read:
                return Present(policy).policy(read, since), ""
    except (BadAddress, NewerDatabase, OlderDatabase) as fault:
        return policy, f"Stand-ins are left out. {fault}"
