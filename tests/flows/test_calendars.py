"""Calendars: one that decides a layer is followed as it changes, and the bot's own tell what stands."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar, Event

from bot.policy.faults import ConfigFaults
from bot.policy.load import load
from bot.policy.model import Feed, Policy
from tests.flows.conftest import ROOT
from tests.flows.people import Someone
from tests.flows.world import World

TODAY = datetime(2026, 3, 1, 21, 0, tzinfo=UTC)  # the day that runs when the world begins; it has two hours left
TOMORROW = TODAY + timedelta(days=1)
A_DAY = timedelta(days=1)
DESK = """
schedules:
  desk:
    name: Desk
    layers: [{name: rota, time_zone: UTC, feed: {ical: shifts.ics}}]
    user_group: "@desk"
"""
NEWS = "Your shifts of Desk have been planned anew"


class Rota:
    """The file shifts.ics beside the configuration, as another system exports it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "shifts.ics"

    def says(self, *shifts: tuple[str, datetime]) -> None:
        """Each a title and when it begins; it lasts a day."""
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//Rota//EN")
        for title, start in shifts:
            event = Event()
            event.add("uid", f"{start:%Y%m%d}@rota")
            event.add("dtstamp", TODAY)
            event.add("dtstart", start)
            event.add("dtend", start + A_DAY)
            event.add("summary", title)
            calendar.add_component(event)
        self.file.write_bytes(calendar.to_ical())

    def is_cut_off(self) -> None:
        self.file.write_bytes(self.file.read_bytes()[:200])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample configuration with one schedule more, which follows shifts.ics."""
    made = tmp_path / "config"
    shutil.copytree(ROOT / "config", made)
    (made / "desk.yaml").write_text(DESK)
    monkeypatch.setenv("BATON_CONFIG", str(made))
    return made


@pytest.fixture
def rota(folder: Path) -> Rota:
    """Noor today, Tomás tomorrow."""
    made = Rota(folder)
    made.says(("Noor Haddad", TODAY), ("On call: tomas", TOMORROW))
    return made


@pytest.fixture
def desk(rota: Rota, folder: Path, database: str, no_faults_in_the_log: None) -> Iterator[World]:
    """The world whose configuration has the desk."""
    with World(load(folder, ROOT / "runbooks"), database) as opened:
        opened.settle()
        yield opened


def test_a_calendar_decides_who_is_on_call(desk: World) -> None:
    told = desk.person("noor").types("/oncall desk")
    told.shows("Desk: @Noor Haddad (rota), until 2026-03-02 21:00 UTC. Next: @Tomás Vega").does_not_show("⚠️ The")
    desk.reaches(TOMORROW)
    desk.person("noor").types("/oncall desk").shows("Desk: @Tomás Vega (rota), until 2026-03-03 21:00 UTC")


def test_what_changes_in_it_counts_within_five_minutes_and_is_told(desk: World, rota: Rota) -> None:
    noor, tomas, mateo = (desk.person(key) for key in ("noor", "tomas", "mateo"))
    rota.says(("Mateo Silva", TODAY), ("On call: tomas", TOMORROW))
    desk.passes(minutes=5)
    noor.types("/oncall desk").shows("Desk: @Mateo Silva")
    noor.sees(NEWS).shows("No longer yours").does_not_show("Yours now")
    mateo.sees(NEWS).shows("Yours now").does_not_show("No longer yours")
    tomas.does_not_see(NEWS)
    group = desk.stage.sandbox.group_named("@desk")
    assert group is not None
    assert group["users"] == [mateo.id]


def test_what_did_not_change_is_news_to_nobody(desk: World) -> None:
    desk.passes(hours=1)
    for key in ("noor", "tomas"):
        desk.person(key).does_not_see(NEWS)


def test_a_broken_calendar_leaves_the_last_good_copy_which_says_its_age_and_why(desk: World, rota: Rota) -> None:
    noor = desk.person("noor")
    desk.passes(minutes=4)
    rota.is_cut_off()
    desk.passes(hours=1)
    told = noor.types("/oncall desk").shows("Desk: @Noor Haddad (rota), until 2026-03-02 21:00 UTC")
    told.shows("The calendar of the layer rota could not be read: It cannot be used: it is cut off")
    told.shows("Its copy of 2026-03-02 19:00 UTC (1 h 4 min old) counts")
    noor.types("/oncall").shows("The calendar of the layer rota could not be read")
    noor.types("/oncall l1").does_not_show("The calendar")
    desk.reaches(TOMORROW)
    noor.types("/oncall desk").shows("Desk: @Tomás Vega (rota)")
    noor.does_not_see(NEWS)


def test_a_calendar_that_is_gone_is_missed_until_it_is_back(desk: World, rota: Rota) -> None:
    noor = desk.person("noor")
    kept = rota.file.read_bytes()
    rota.file.unlink()
    desk.passes(minutes=5)
    noor.types("/oncall desk").shows("@Noor Haddad", "There is no file shifts.ics in the folder of the configuration")
    rota.file.write_bytes(kept)
    desk.passes(minutes=5)
    noor.types("/oncall desk").shows("@Noor Haddad").does_not_show("The calendar")


def test_an_entry_that_names_nobody_is_said(desk: World, rota: Rota) -> None:
    rota.says(("Noor Haddad", TODAY), ("Dentist", TOMORROW))
    desk.passes(minutes=5)
    told = desk.person("noor").types("/oncall desk")
    told.shows("The calendar of the layer rota has entries that name nobody we know: “Dentist”", "Next: ⚠️ nobody")


def test_the_last_good_copy_outlives_a_restart(desk: World, rota: Rota) -> None:
    rota.says(("Mateo Silva", TODAY), ("On call: tomas", TOMORROW))
    desk.passes(minutes=5)
    desk.stops_the_bot()
    rota.is_cut_off()
    desk.jumps(hours=1)
    desk.starts_the_bot()
    told = desk.person("noor").types("/oncall desk").shows("Desk: @Mateo Silva")
    told.shows("Its copy of 2026-03-02 19:05 UTC (1 h old) counts")
    assert desk.person("mateo").counts(NEWS) == 1


def test_what_changed_while_the_bot_was_down_is_told_at_its_start(desk: World, rota: Rota) -> None:
    desk.stops_the_bot()
    rota.says(("Mateo Silva", TODAY), ("On call: tomas", TOMORROW))
    desk.jumps(hours=1)
    desk.starts_the_bot()
    desk.person("noor").types("/oncall desk").shows("Desk: @Mateo Silva")
    for key in ("noor", "mateo"):
        assert desk.person(key).counts(NEWS) == 1


def test_a_broken_file_at_the_start_is_a_fault_of_the_configuration(rota: Rota, folder: Path) -> None:
    rota.is_cut_off()
    with pytest.raises(ConfigFaults, match=r"desk\.yaml:5: .*it is cut off"):
        load(folder, ROOT / "runbooks")
    rota.file.unlink()
    with pytest.raises(ConfigFaults, match=r"there is no file shifts\.ics in the folder of the configuration"):
        load(folder, ROOT / "runbooks")


def test_a_calendar_that_was_never_reached_leaves_the_next_layer_in_charge(
    policy: Policy, database: str, no_faults_in_the_log: None
) -> None:
    first = policy.schedules["l1"]
    nowhere = Feed(ical="https://127.0.0.1:9/shifts.ics")  # where nobody answers
    rota = first.layers[0].model_copy(update={"name": "rota", "on_call": (), "rotation": None, "feed": nowhere})
    other = first.model_copy(update={"layers": (rota, *first.layers)})
    made = policy.model_copy(update={"schedules": {**policy.schedules, "l1": other}})
    with World(made, database) as world:
        told = world.person("noor").types("/oncall l1").shows("First line: @Luis Herrera (bogota)")
        told.shows("The calendar of the layer rota could not be read yet", "127.0.0.1 cannot be reached")


# The bot's own calendars


def fetch(world: World, path: str) -> httpx.Response:
    assert world.stage.bot is not None
    return httpx.get(world.stage.bot.address + path, trust_env=False)


def told(world: World, path: str) -> list[tuple[str, datetime, datetime, str]]:
    """Title, start, end and UID of each shift, by their start."""
    answer = fetch(world, path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    found = [
        (str(each["summary"]), each.decoded("dtstart"), each.decoded("dtend"), str(each["uid"]))
        for each in calendar.events
    ]
    return sorted(found, key=lambda each: each[1])


def test_a_schedule_and_a_person_have_calendars_that_hold_a_stand_in_at_once(world: World, amina: Someone) -> None:
    start, end = datetime(2026, 3, 3, 10, tzinfo=UTC), datetime(2026, 3, 3, 14, tzinfo=UTC)
    whole = ("On call First line: Amina Otieno", start, start + timedelta(hours=8))
    assert whole in [each[:3] for each in told(world, "/calendars/l1.ics")]
    amina.types("/oncall override l1 @brian tomorrow 13:00 to 17:00")
    shown = [each[:3] for each in told(world, "/calendars/l1.ics")]
    assert ("On call First line: Brian Kiprop", start, end) in shown
    assert ("On call First line: Amina Otieno", end, start + timedelta(hours=8)) in shown
    assert whole not in shown
    assert ("On call: First line", start, end) in [each[:3] for each in told(world, "/calendars/people/brian.ics")]
    assert start not in [each[1] for each in told(world, "/calendars/people/amina.ics")]


def test_the_same_shift_is_the_same_event_after_a_restart(world: World) -> None:
    paths = ("/calendars/l1.ics", "/calendars/people/amina.ics")
    before = [told(world, path) for path in paths]
    world.stops_the_bot()
    world.jumps(hours=3)
    world.starts_the_bot()
    assert [told(world, path) for path in paths] == before
    uids = [event[3] for events in before for event in events]
    assert len(uids) == len(set(uids)) > 600


def test_a_calendar_that_does_not_exist_is_said_so(world: World) -> None:
    for path, said in (
        ("l3", 'There is no schedule "l3"; known are l1, l2, platform, engineering.\n'),
        ("people/aminna", 'There is no person "aminna"; did you mean "amina"?\n'),
        ("people/zzz", 'There is no person "zzz".\n'),
    ):
        answer = fetch(world, f"/calendars/{path}.ics")
        assert (answer.status_code, answer.text) == (404, said)


def test_a_calendar_is_handed_out_again_only_if_it_has_changed(world: World, amina: Someone) -> None:
    assert world.stage.bot is not None
    with httpx.Client(base_url=world.stage.bot.address, trust_env=False) as reader:
        tag = reader.get("/calendars/l1.ics").headers["etag"]
        assert reader.get("/calendars/l1.ics", headers={"If-None-Match": tag}).status_code == 304
        amina.types("/oncall override l1 @brian tomorrow 13:00 to 17:00")
        assert reader.get("/calendars/l1.ics", headers={"If-None-Match": tag}).status_code == 200
