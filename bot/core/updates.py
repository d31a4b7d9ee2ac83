"""Updates to those who wait, and notes for those who read the timeline later."""

from bot.core import lifecycle
from bot.core.decision import Draft, Refused
from bot.core.effects import Entry, Notice, PostUpdate
from bot.core.events import NoteAdded, UpdatePosted
from bot.core.incident import OPEN


def update_posted(draft: Draft, event: UpdatePosted) -> None:
    draft.must_be_open()
    if not event.text.strip():
        raise Refused("An update needs a text: say what is known, what is being done, and when the next one comes.")
    if event.status is not None and event.status not in OPEN:
        raise Refused("An update cannot end the incident. Use `/incident resolve` or `/incident decline`.")
    draft.change(last_update=event.text, last_update_at=draft.now, last_update_by=event.by)
    draft.record(event.by, Entry.UPDATE, text=event.text)
    if event.status is not None and event.status is not draft.incident.status:
        lifecycle.move(draft, event.by, event.status)
    draft.do(PostUpdate(number=event.number, by=event.by, text=event.text, at=draft.now))


def note_added(draft: Draft, event: NoteAdded) -> None:
    if not event.text.strip():
        raise Refused("A note needs a text, for example `/incident note rolled back to champion-1`.")
    draft.record(event.by, Entry.NOTE, text=event.text)
    draft.tell(Notice.NOTE, by=event.by, note=event.text)
