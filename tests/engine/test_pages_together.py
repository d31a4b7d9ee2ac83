"""Pages in the queue: those of one person together, the worst first, and none lost when something goes wrong."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from bot.core.effects import PublishHome, SendPage
from bot.core.lanes import Outward
from bot.engine.deliver import LEASE, URGENT_WORKERS, Answer, Deliverer, GiveUp, Sent, TryAgain
from bot.engine.engine import Engine
from bot.engine.waiting import MOST_TOGETHER
from bot.store.outbox import Parcel
from tests.engine.build import NOW, PATIENT, Gate, HeldClock, declared, failing, outbox, receipt, stored

Together = Callable[[], Deliverer]
HELD = timedelta(seconds=10)


class Carrier:
    """Carries alone and together, and remembers what was carried in one go; it can be held up and made to fail."""

    def __init__(self) -> None:
        self.carried: list[list[Outward]] = []
        self.answers: list[Answer | Exception] = []  # of the next goes; then all is sent
        self.gate: Gate | None = None
        self._lock = threading.Lock()

    def alone(self, parcel: Parcel) -> Answer:
        return self.together([parcel])[0]

    def together(self, parcels: Sequence[Parcel]) -> Sequence[Answer]:
        with self._lock:
            self.carried.append([parcel.effect for parcel in parcels])
            answer = self.answers.pop(0) if self.answers else None
            gate, self.gate = self.gate, None
        if gate is not None:
            gate.reached.release()
            gate.opened.wait(3 * PATIENT)
        if isinstance(answer, Exception):
            raise answer
        return [answer or Sent(receipt(parcel.effect)) for parcel in parcels]

    def holds_the_next(self) -> Gate:
        self.gate = Gate(threading.Semaphore(0), threading.Event())
        return self.gate

    def pages(self) -> list[list[str]]:
        """The pages of each go."""
        named = [[each.page for each in go if isinstance(each, SendPage)] for go in self.carried]
        return [go for go in named if go]


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def together(engine: Engine, carrier: Carrier) -> Iterator[Together]:
    running: list[Deliverer] = []

    def start() -> Deliverer:
        deliverer = Deliverer(engine, carrier.alone, carry_together=carrier.together)
        deliverer.start()
        running.append(deliverer)
        return deliverer

    yield start
    for deliverer in running:
        deliverer.stop()


def page(name: str, person: str = "luis", rank: int = 0) -> SendPage:
    return SendPage(number=int(name.split("-")[0]), page=name, person=person, rank=rank)


def states(engine: Engine) -> list[str]:
    return [state for kind, state in outbox(engine.store, "kind", "state") if kind == "SendPage"]


def _are_claimed(engine: Engine, count: int) -> None:
    for _ in range(20_000):
        if outbox(engine.store, "state") == [("sending",)] * count:
            return
    raise AssertionError(f"never were {count} claimed")


def test_what_waits_for_one_person_is_carried_together_and_noted_each(
    engine: Engine, carrier: Carrier, together: Together
) -> None:
    for _ in range(3):
        engine.handle(declared())
    together().settle()
    assert carrier.pages() == [["1-1", "2-1", "3-1"]]
    assert states(engine) == ["sent"] * 3
    assert all(stored(engine.store, number).pages[0].delivered_at == NOW for number in (1, 2, 3))


def test_others_are_carried_beside_it(engine: Engine, carrier: Carrier, together: Together) -> None:
    for effect in (page("1-1"), page("2-1", "amina"), page("3-1"), page("4-1", "")):
        engine.post(effect)
    together().settle()
    assert sorted(carrier.pages()) == [["1-1", "3-1"], ["2-1"], ["4-1"]]


def test_what_an_older_version_wrote_goes_out_alone(engine: Engine, carrier: Carrier, together: Together) -> None:
    engine.post(page("1-1", ""))
    engine.post(page("2-1", ""))
    together().settle()
    assert sorted(carrier.pages()) == [["1-1"], ["2-1"]]


def test_what_comes_while_a_page_is_under_way_waits_for_the_next_message(
    engine: Engine, carrier: Carrier, together: Together
) -> None:
    deliverer = together()
    gate = carrier.holds_the_next()
    engine.post(page("1-1"))
    gate.wait_for()
    for effect in (page("2-1"), page("3-1"), page("4-1", "amina")):
        engine.post(effect)
    gate.opened.set()
    deliverer.settle()
    assert carrier.pages()[0] == ["1-1"]
    assert sorted(carrier.pages()[1:]) == [["2-1", "3-1"], ["4-1"]]


def test_the_most_severe_goes_first(engine: Engine, carrier: Carrier, together: Together) -> None:
    for number in range(1, 4 * URGENT_WORKERS):
        engine.post(page(f"{number}-1", f"person-{number}", rank=3))
    engine.post(page("100-1", "amina", rank=0))
    engine.post(page("101-1", "amina", rank=1))
    together().settle()
    first = [name for go in carrier.pages()[:URGENT_WORKERS] for name in go]
    assert {"100-1", "101-1"} <= set(first)
    assert ["100-1", "101-1"] in carrier.pages()


def test_more_than_fit_in_a_message_go_out_as_several(engine: Engine, carrier: Carrier, together: Together) -> None:
    for number in range(1, MOST_TOGETHER + 3):
        engine.post(page(f"{number}-1", rank=number))
    together().settle()
    assert [len(go) for go in carrier.pages()] == [MOST_TOGETHER, 2]
    assert carrier.pages()[1] == [f"{MOST_TOGETHER + 1}-1", f"{MOST_TOGETHER + 2}-1"]


def test_after_a_pause_that_the_world_asks_for_all_go_together_and_it_counts_as_no_attempt(
    engine: Engine, carrier: Carrier, together: Together, clock: HeldClock
) -> None:
    carrier.answers = [TryAgain("slowly", held_until=NOW + HELD)]
    deliverer = together()
    engine.post(page("1-1"))
    deliverer.settle()
    assert outbox(engine.store, "state", "attempt", "due_at") == [("waiting", 0, NOW + HELD)]
    engine.post(page("2-1"))
    deliverer.settle()
    clock.passes(seconds=HELD.total_seconds())
    deliverer.wake()
    deliverer.settle()
    assert carrier.pages() == [["1-1"], ["1-1", "2-1"]]
    assert outbox(engine.store, "state", "attempt") == [("sent", 1), ("sent", 1)]


def test_what_raises_together_is_carried_alone_afterwards(
    engine: Engine, carrier: Carrier, together: Together, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    carrier.answers = [ZeroDivisionError()]
    engine.post(page("1-1"))
    engine.post(page("2-1"))
    deliverer = together()
    deliverer.settle()
    clock.passes(minutes=1)
    deliverer.wake()
    deliverer.settle()
    assert carrier.pages()[0] == ["1-1", "2-1"]
    assert sorted(carrier.pages()[1:]) == [["1-1"], ["2-1"]]
    assert states(engine) == ["sent", "sent"]
    assert "could not be carried" in caplog.text


def test_what_cannot_be_noted_together_is_noted_one_by_one(
    engine: Engine, carrier: Carrier, together: Together, caplog: pytest.LogCaptureFixture
) -> None:
    """The second is refused for good, which belongs into its timeline, and that cannot be written."""
    engine.handle(declared())
    engine.handle(declared())
    with failing(engine.store, "timeline_entry", "NEW.incident = 2"):
        carrier.answers = [GiveUp("user_not_found")]
        deliverer = together()
        deliverer.settle()
        assert sorted(set(states(engine))) != ["sending"]
    assert "could not be noted at once" in caplog.text
    assert stored(engine.store, 1).pages[0].ended_at == NOW


def test_what_is_to_be_done_thereafter_is_enqueued(engine: Engine, carrier: Carrier, together: Together) -> None:
    carrier.answers = [Sent(then=PublishHome(person="luis"))]
    deliverer = together()
    engine.post(page("1-1"))
    deliverer.settle()
    assert [kind for (kind,) in outbox(engine.store, "kind")] == ["SendPage", "PublishHome"]


def test_what_waited_longer_than_its_lease_and_was_taken_over_is_not_sent_again(
    engine: Engine, carrier: Carrier, together: Together, clock: HeldClock
) -> None:
    deliverer = together()
    gate = carrier.holds_the_next()
    engine.post(page("1-1"))
    gate.wait_for()
    engine.post(page("2-1"))  # claimed, and waits for the first
    _are_claimed(engine, 2)
    clock.passes(seconds=LEASE.total_seconds() + 1)
    with engine.store.transaction() as work:
        taken = work.claim(clock.now(), LEASE, "another", 10, urgent=True)
    assert len(taken) == 2
    gate.opened.set()
    deliverer.settle()
    assert carrier.pages() == [["1-1"]]
    assert {owner for (owner,) in outbox(engine.store, "owner")} == {"another"}


def test_what_still_waits_at_the_stop_is_free_at_once(engine: Engine, carrier: Carrier, together: Together) -> None:
    deliverer = together()
    gate = carrier.holds_the_next()
    engine.post(page("1-1"))
    gate.wait_for()
    engine.post(page("2-1"))
    _are_claimed(engine, 2)
    stopping = threading.Thread(target=deliverer.stop)
    stopping.start()
    gate.opened.set()
    stopping.join(PATIENT)
    with engine.store.reading() as read:
        due = read.next_due()
    assert due is None or due <= NOW
