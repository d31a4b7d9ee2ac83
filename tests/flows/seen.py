"""Something that a person has before their eyes: a message, an answer, a form, the Home tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.flows.reading import Json, buttons, label

if TYPE_CHECKING:
    from tests.flows.people import Someone


class Seen:
    """Words that a person sees. `text` is what stands there."""

    def __init__(self, someone: Someone, text: str, what: str) -> None:
        self.someone = someone
        self.text = text
        self._what = what

    def shows(self, *words: str) -> Any:
        for each in words:
            assert each in self.text, f"{self._what} does not show “{each}”, but:\n{self.text}"
        return self

    def does_not_show(self, *words: str) -> Any:
        for each in words:
            assert each not in self.text, f"{self._what} shows “{each}”:\n{self.text}"
        return self


class Message(Seen):
    """A message in a channel or a direct message, as it stood when it was looked at."""

    def __init__(self, someone: Someone, channel: str, raw: Json) -> None:
        super().__init__(someone, someone.world.reader.message(raw), f"The message that {someone.name} sees")
        self.channel = channel
        self.raw = raw
        self.ts = str(raw["ts"])
        self.notification = someone.world.reader.notification(raw)
        self.is_pinned = bool(raw.get("pinned"))

    @property
    def labels(self) -> list[str]:
        return [label(button) for button in buttons(self.raw.get("blocks") or [])]

    def says(self, words: str) -> bool:
        return words in self.text or words in self.notification

    def clicks(self, button: str, nth: int = 0) -> Answer:
        """Presses the button of that label (the `nth`, where several bear it)."""
        found = [each for each in buttons(self.raw.get("blocks") or []) if label(each) == button]
        assert len(found) > nth, f"There is no button “{button}” for {self.someone.name} here:\n{self.text}"
        return self.someone.presses(self, found[nth])

    def now(self) -> Message:
        """The same message as it stands now."""
        return self.someone.message_at(self.channel, self.ts)


class Answer(Seen):
    """What came back to one person alone; empty if nothing did."""

    def __init__(self, someone: Someone, messages: Sequence[Message]) -> None:
        super().__init__(someone, "\n".join(message.text for message in messages), f"The answer to {someone.name}")
        self.messages = list(messages)

    def is_silent(self) -> None:
        assert not self.messages, f"{self.someone.name} is told:\n{self.text}"

    def clicks(self, button: str, nth: int = 0) -> Answer:
        assert self.messages, f"{self.someone.name} was told nothing, so there is no “{button}”"
        return self.messages[-1].clicks(button, nth)


class Form(Seen):
    """An open modal; fields are known by their labels, choices by what they say, and times are instants."""

    def __init__(self, someone: Someone, raw: Json) -> None:
        text = f"{raw['title']['text']}\n{someone.world.reader.blocks(raw['blocks'])}"
        super().__init__(someone, text, f"The form before {someone.name}")
        self.raw = raw
        self._filled: dict[str, dict[str, Any]] = {}

    @property
    def title(self) -> str:
        return str(self.raw["title"]["text"])

    def fills(self, fields: Mapping[str, str | datetime]) -> Form:
        """An empty text empties the field; for files, the name of one that is uploaded."""
        for name, value in fields.items():
            block = self._field(name)
            element = block["element"]
            self._filled[block["block_id"]] = {element["action_id"]: self._entered(element, value)}
        return self

    def holds(self, field: str, words: str | datetime) -> Form:
        """The field is filled in with exactly these words or this instant (for a choice: with what begins so)."""
        block = self._field(field)
        state = self.raw["state"]["values"][block["block_id"]][block["element"]["action_id"]]
        if isinstance(words, datetime):
            held = datetime.fromtimestamp(state["selected_date_time"], words.tzinfo)
            assert held == words, f"“{field}” holds {held}, not {words}"
            return self
        chosen = state.get("selected_option")
        text = str(chosen["text"]["text"] if chosen else state.get("value") or "")
        fits = text.startswith(words) if chosen and words else text == words
        assert fits, f"“{field}” holds “{text}”, not “{words}”"
        return self

    def choices(self, field: str) -> list[str]:
        return [str(option["text"]["text"]) for option in self._field(field)["element"]["options"]]

    def sends(self) -> Answer:
        """Taken, and closed; the answer is what comes back to the sender alone."""
        errors, answer = self._sent()
        assert not errors, f"The form was refused: {errors}"
        assert all(view["id"] != self.raw["id"] for view in self.someone.open_views()), "The form is still open"
        return answer

    def is_refused(self, words: str, beside: str) -> Form:
        """Sent, and these words stand beside that field; the form stays open."""
        errors, _ = self._sent()
        said = errors.get(self._field(beside)["block_id"], "")
        assert words in said, f"Beside “{beside}” stands “{said}”, not “{words}”; all that is said: {errors}"
        assert any(view["id"] == self.raw["id"] for view in self.someone.open_views()), "The form was closed"
        return self

    def closes(self) -> None:
        self.someone.closes(str(self.raw["id"]))

    def _sent(self) -> tuple[dict[str, str], Answer]:
        return self.someone.submits(str(self.raw["id"]), self._filled)

    def _field(self, name: str) -> Json:
        inputs: list[Json] = [block for block in self.raw["blocks"] if block["type"] == "input"]
        found = next((block for block in inputs if block["label"]["text"] == name), None)
        assert found is not None, f"The form has no field “{name}”, but {[each['label']['text'] for each in inputs]}"
        return found

    def _entered(self, element: Json, value: str | datetime) -> Any:
        if element["type"] == "file_input":
            return [self.someone.uploads(str(value))]
        if isinstance(value, datetime):
            return int(value.timestamp())
        return self._option(element, value) if value and "options" in element else value

    def _option(self, element: Json, words: str) -> str:
        found = [option for option in element["options"] if words in option["text"]["text"]]
        offered = [option["text"]["text"] for option in element["options"]]
        assert len(found) == 1, f"“{words}” names {len(found)} of the choices {offered}"
        return str(found[0]["value"])


class HomeTab(Seen):
    def __init__(self, someone: Someone, raw: Json) -> None:
        super().__init__(someone, someone.world.reader.blocks(raw["blocks"]), f"The Home tab of {someone.name}")
        self.raw = raw

    def clicks(self, button: str, nth: int = 0) -> Answer:
        found = [each for each in buttons(self.raw["blocks"]) if label(each) == button]
        assert len(found) > nth, f"There is no button “{button}” on the Home tab:\n{self.text}"
        return self.someone.presses_at_home(self.raw, found[nth])
