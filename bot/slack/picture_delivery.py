"""Delivery of pictures: a file that is uploaded and shared, once, be it asked for again after a lost answer."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.core.oncall_effects import PostCoverage
from bot.engine.deliver import Answer, GiveUp, Sent
from bot.engine.engine import Engine
from bot.oncall.coverage import coverage
from bot.slack import faults, search
from bot.slack.names import Names
from bot.slack.words import coverage as words
from bot.store.outbox import Parcel

SPAN = timedelta(weeks=52)
NO_PLACE = frozenset({"not_in_channel", "channel_not_found", "is_archived", "posting_to_channel_denied"})


class PictureDelivery:
    def __init__(self, client: WebClient, engine: Engine) -> None:
        self._client = client
        self._engine = engine
        self.carriers: Mapping[type, Callable[..., Answer]] = {PostCoverage: self._post_coverage}

    def _post_coverage(self, parcel: Parcel, effect: PostCoverage) -> Answer:
        from bot.reports.picture import picture  # slow to import, and seldom asked for

        with self._engine.store.reading() as read:
            policy = self._engine.present(read)
            asker = Names(policy, read.slack_ids()).slack(effect.by)
        schedule = policy.schedules.get(effect.schedule)
        if schedule is None:
            return GiveUp(f"there is no schedule {effect.schedule} any more")
        start = _midnight(self._engine.clock.now())
        overrides = policy.overrides_of(effect.schedule)
        found = coverage(schedule, policy, start, start + SPAN, overrides)
        drawn = picture(effect.schedule, schedule, policy, start, start + SPAN, overrides)
        said = words.said(effect.schedule, found, policy)
        try:
            self._share(parcel, effect.channel, drawn, said)
        except SlackApiError as fault:
            if asker is None or faults.code(fault) not in NO_PLACE:
                raise
            self._share(parcel, asker, drawn, said)  # the bot may not post there
        return Sent()

    def _share(self, parcel: Parcel, channel: str, drawn: bytes, said: str) -> None:
        to = self._direct(channel) if channel[0] in "UW" else channel
        assert isinstance(parcel.effect, PostCoverage)
        name = f"coverage-{parcel.effect.schedule}-{parcel.id}.png"
        if parcel.attempt > 1 and search.find_file(self._client, to, name, parcel.enqueued_at):
            return
        title = words.title(parcel.effect.schedule, self._engine.policy)
        self._client.files_upload_v2(channel=to, content=drawn, filename=name, title=title, initial_comment=said)

    def _direct(self, user: str) -> str:
        return str(self._client.conversations_open(users=[user])["channel"]["id"])


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
