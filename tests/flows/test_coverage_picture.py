"""`/oncall coverage`: the answer at once, and then the picture with its sentences where it was asked for."""

from io import BytesIO

import pytest
from PIL import Image

from bot.sandbox.faults import Kind
from tests.flows.people import Someone
from tests.flows.seen import Message
from tests.flows.world import World

TITLE = "Coverage of First line, 52 weeks"
COMES = "The coverage of First line for the coming 52 weeks comes as a picture in a moment"
HERE = "mlops-handoffs"  # a channel of which the bot is a member
ELSEWHERE = "mlops-support"  # and one of which it is not


def pictures(messages: list[Message]) -> list[Message]:
    return [message for message in messages if any(file["title"] == TITLE for file in message.raw.get("files") or [])]


def shared(someone: Someone, in_channel: str = HERE) -> list[Message]:
    return pictures(someone.messages(in_channel))


def size(world: World, message: Message) -> tuple[int, int]:
    """Of the picture that is in the message, as it was uploaded."""
    (file,) = message.raw["files"]
    content = world.stage.sandbox.workspace.files[file["id"]].content
    assert content is not None
    with Image.open(BytesIO(content)) as picture:
        assert picture.format == "PNG"
        picture.load()
        return picture.size


def test_the_answer_comes_at_once_and_the_picture_where_it_was_asked_for(world: World, noor: Someone) -> None:
    noor.types("/oncall coverage l1", in_channel=HERE).shows(COMES)
    (told,) = shared(noor)
    width, height = size(world, told)
    assert width > 400
    assert height > 300
    told.shows("First line")
    assert len(told.text.splitlines()) > 3
    assert pictures(noor.direct_messages) == []


def test_where_the_bot_is_no_member_it_comes_by_direct_message(world: World, amina: Someone) -> None:
    amina.types("/oncall coverage l1", in_channel=ELSEWHERE).shows(COMES)
    assert shared(amina, ELSEWHERE) == []
    (told,) = pictures(amina.direct_messages)
    size(world, told)


def test_from_the_button_it_comes_too(world: World, noor: Someone) -> None:
    noor.types("/oncall l1", in_channel=HERE).clicks("Coverage").shows(COMES)
    assert len(shared(noor)) == 1


def test_without_a_name_each_schedule_has_its_picture(world: World, noor: Someone) -> None:
    noor.types("/oncall coverage", in_channel=HERE).shows("First line", "Second line", "Platform", "ML engineering")
    assert sum(bool(message.raw.get("files")) for message in noor.messages(HERE)) == 4


def test_an_unknown_schedule_has_none(world: World, noor: Someone) -> None:
    noor.types("/oncall coverage l9", in_channel=HERE).shows("l9")
    assert sum(bool(message.raw.get("files")) for message in noor.messages(HERE)) == 0


@pytest.mark.parametrize(
    ("method", "where"),
    [
        ("files.getUploadURLExternal", HERE),
        ("files.completeUploadExternal", HERE),
        ("files.completeUploadExternal", ELSEWHERE),
        ("conversations.open", ELSEWHERE),
    ],
)
def test_whatever_fails_it_comes_once(method: str, where: str, world: World, amina: Someone) -> None:
    kinds: tuple[Kind, ...] = ("lost_reply", "500")
    for done, kind in enumerate(kinds):
        world.stage.sandbox.faults.add(method, kind)
        amina.types("/oncall coverage l1", in_channel=where)
        world.passes(seconds=5)
        assert world.stage.sandbox.faults.waiting() == []
        found = shared(amina) if where == HERE else pictures(amina.direct_messages)
        assert len(found) == done + 1, kind
