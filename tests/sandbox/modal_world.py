"""A sandbox with an app that opens modals."""

from typing import Any

from slack_bolt import Ack, App

from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, bolt, client

Json = dict[str, Any]


class World:
    """A sandbox with an app connected, which keeps what it was sent and answers as the test says."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.api = client(sandbox)
        self.bodies: list[Json] = []
        self.answer: Json = {}
        self.app: App = bolt(sandbox)
        self.app.command("/incident")(self.keep)
        self.app.action("press")(self.keep)
        self.app.view("form")(self.reply)
        self.app.view_closed("form")(self.keep)

    def keep(self, ack: Ack, body: Json) -> None:
        self.bodies.append(body)
        ack()

    def reply(self, ack: Ack, body: Json) -> None:
        self.bodies.append(body)
        ack(**self.answer)

    @property
    def amina(self) -> Person:
        return self.sandbox.person(AMINA)

    def trigger(self) -> str:
        assert self.amina.types("/incident", "general").ok
        return str(self.bodies[-1]["trigger_id"])

    def opens(self, view: Json) -> str:
        return str(self.api.views_open(trigger_id=self.trigger(), view=view)["view"]["id"])
