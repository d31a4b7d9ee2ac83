"""`/oncall`: who has the pager, now and at any instant; the week ahead, my own shifts, and kind answers."""

from datetime import UTC, datetime

from tests.flows.kept import everything
from tests.flows.people import Someone
from tests.flows.world import World


def test_every_schedule_is_told(noor: Someone) -> None:
    told = noor.types("/oncall").shows("First line: @Luis Herrera (bogota), until 2026-03-03 02:00 UTC")
    told.shows("Second line: @Andrés Pardo", "Platform: @Mateo Silva", "ML engineering: @Noor Haddad", "@Tomás Vega")
    assert told.messages[0].labels == ["Week ahead", "Stand in", "Ask for cover", "Swap", "Coverage"]
    noor.types("/oncall platfrom").shows("There is no schedule “platfrom”. Did you mean `/oncall platform`?")


def test_one_is_told_by_its_key_or_its_name(world: World, noor: Someone) -> None:
    for name in ("l1", "L1", "first line"):
        noor.types(f"/oncall {name}").shows("First line: @Luis Herrera").does_not_show("Second line")
    world.passes(hours=7)
    noor.types("/oncall l1").shows("First line: @Sita Gurung (kathmandu), until 2026-03-03 10:00 UTC")


def test_what_their_clock_shows_stands_beside_whoever_is_on_call(world: World, noor: Someone) -> None:
    noor.types("/oncall l1").shows("14:00 Bogota").does_not_show("night")
    noor.types("/oncall engineering at today 23:30").shows("@Noor Haddad", "23:30 Berlin, night")


# Instants


def test_a_time_is_meant_by_the_asker_s_own_clock(luis: Someone, sita: Someone, amina: Someone) -> None:
    """It is Monday afternoon in Bogotá, Monday evening in Nairobi, and Tuesday already in Kathmandu."""
    luis.types("/oncall l1 at tomorrow 9am").shows("which is 2026-03-03 14:00 UTC", "@Amina Otieno (nairobi)")
    amina.types("/oncall l1 at tomorrow 9am").shows("which is 2026-03-03 06:00 UTC", "@Sita Gurung (kathmandu)")
    sita.types("/oncall l1 at tomorrow 9am").shows("which is 2026-03-04 03:15 UTC", "@Sita Gurung (kathmandu)")
    sita.types("/oncall l1 at tomorrow 9am Bogota").shows("which is 2026-03-03 14:00 UTC", "@Amina Otieno (nairobi)")


SAME = ("l1 at tomorrow 9am", "l1 tomorrow 9:00", "at 2026-03-03 09:00 l1", "first line at 2026-03-03 14:00 UTC")


def test_a_time_may_be_written_in_many_ways(luis: Someone) -> None:
    for typed in SAME:
        luis.types(f"/oncall {typed}").shows("which is 2026-03-03 14:00 UTC", "First line: @Amina Otieno")


def test_a_change_of_shift_belongs_to_whoever_comes(luis: Someone) -> None:
    luis.types("/oncall l1 at 2026-03-02 20:59").shows("@Luis Herrera (bogota), until 2026-03-03 02:00 UTC")
    luis.types("/oncall l1 at 2026-03-02 21:00").shows("@Sita Gurung (kathmandu), until 2026-03-03 10:00 UTC")


def test_the_past_is_told_as_it_was(world: World, luis: Someone) -> None:
    """With a stand-in that is over, and with what stood of one until it was undone."""
    luis.types("/oncall override l1 @camila now until 15:00 instead of me")
    world.passes(hours=1)
    luis.types("/oncall override l1 @brian now until 18:00 instead of me")
    world.passes(hours=1)
    luis.types("/oncall undo 2")
    world.passes(hours=2)
    luis.types("/oncall l1 at 2026-03-02 14:30").shows("@Camila Rojas (bogota), until 2026-03-02 20:00 UTC")
    luis.types("/oncall l1 at 2026-03-02 15:30").shows("@Brian Kiprop (bogota), until 2026-03-02 21:00 UTC")
    luis.types("/oncall l1 at 2026-03-02 16:30").shows("@Luis Herrera (bogota), until 2026-03-03 02:00 UTC")
    luis.types("/oncall l1 at yesterday 9am").shows("@Brian Kiprop (nairobi), until 2026-03-01 18:00 UTC")


# The week, and my own shifts


def test_the_week_ahead_is_a_table(luis: Someone) -> None:
    told = luis.types("/oncall week l1").shows("First line: the next 7 days", "Somebody is on call all the time.")
    told.shows(
        "From | Until | On call | Layer\n"
        "now | 2026-03-03 02:00 UTC | @Luis Herrera | bogota\n"
        "2026-03-03 02:00 UTC | 2026-03-03 10:00 UTC | @Sita Gurung | kathmandu\n"
        "2026-03-03 10:00 UTC | 2026-03-03 18:00 UTC | @Amina Otieno | nairobi\n"
    )
    told.shows("2026-03-09 10:00 UTC | 2026-03-09 18:00 UTC | @Brian Kiprop | nairobi")
    assert told.messages[0].labels == ["Stand in", "Ask for cover", "Swap"]
    assert luis.types("/oncall l1").clicks("Week ahead").text == told.text


def test_a_stand_in_is_marked_in_the_week(luis: Someone) -> None:
    luis.types("/oncall override l1 @camila today 15:00 to 17:00 instead of me")
    luis.types("/oncall week l1").shows(
        "now | 2026-03-02 20:00 UTC | @Luis Herrera | bogota\n"
        "2026-03-02 20:00 UTC | 2026-03-02 22:00 UTC | @Camila Rojas | ↔ bogota\n"
        "2026-03-02 22:00 UTC | 2026-03-03 02:00 UTC | @Luis Herrera | bogota\n"
    )


def test_the_week_of_whoever_asks_is_that_of_their_own_schedule(andres: Someone, noor: Someone, priya: Someone) -> None:
    andres.types("/oncall week").shows("Second line: the next 7 days")
    noor.types("/oncall week").shows("ML engineering: the next 7 days", "now | 2026-03-09 08:00 UTC | @Noor Haddad")
    priya.types("/oncall week").shows("First line: the next 7 days")


def test_my_shifts(luis: Someone, prakash: Someone, priya: Someone) -> None:
    told = luis.types("/oncall mine").shows("Your shifts of the coming four weeks: 15")
    told.shows("☎️ First line: you are on call now until 2026-03-03 02:00 UTC.")
    told.shows("First line: 2026-03-03 18:00 UTC – 2026-03-04 02:00 UTC (8 h)")
    prakash.types("/oncall mine").shows("Second line: 2026-03-03 02:15 UTC – 2026-03-03 10:15 UTC (8 h)")
    priya.types("/oncall mine").shows("You have no shift in the coming four weeks")


def test_what_i_took_and_what_i_gave_shows_in_my_shifts(luis: Someone, world: World) -> None:
    luis.types("/oncall override l1 @camila tomorrow 13:00 to 21:00 instead of me")
    camila = world.person("camila")
    camila.types("/oncall mine").shows("First line: 2026-03-03 18:00 UTC – 2026-03-04 02:00 UTC (8 h)")
    luis.types("/oncall mine").does_not_show("First line: 2026-03-03 18:00 UTC")


# Help, and what is not understood

NOT_UNDERSTOOD = {
    "weak": "I do not understand “weak”. Did you mean `week`?",
    "overide l1": "I do not understand “overide”. Did you mean `override`?",
    "l9": "I do not understand “l9”. The schedules are l1, l2, platform and engineering.",
    "secnd line": "There is no schedule “secnd line”. Did you mean `/oncall l2`?",
    "l1 tomorow": "I do not understand “tomorow”. Did you mean `tomorrow`?",
    "l1 at 25:00": "I do not understand the time “at 25:00”. Write it like `tomorrow 9am`",
    "l1 at 2026-02-30 10:00": "I do not understand the time “at 2026-02-30 10:00”",
    "week l9": "I do not understand “l9”",
    "changes yesterday": "I do not understand “yesterday”",
    "mine l1": "I do not understand “l1”",
    "<b>bold</b> & <!channel>": "I do not understand “<b>bold</b>”",
}


def test_what_is_not_understood_is_answered_kindly(world: World, luis: Someone, database: str) -> None:
    before = everything(world, database)
    for typed, told in NOT_UNDERSTOOD.items():
        answer = luis.types(f"/oncall {typed}").shows(told).does_not_show("[CALLS")
        assert answer.messages[0].raw["ephemeral"], typed
    assert everything(world, database) == before


def test_what_the_help_says_can_be_typed(world: World, luis: Someone) -> None:
    told = luis.types("/oncall help").shows("How to use `/oncall`", "Times are by your own clock")
    examples = [line.strip("`") for line in told.text.partition("For example\n")[2].splitlines()]
    assert len(examples) == 4
    for example in examples:
        luis.types(example).does_not_show("🤔")
    luis.types("/oncall changes").shows("Changes of shifts: 1", "cover · First line · offered")


def test_the_answer_is_for_the_asker_alone(world: World, luis: Someone, noor: Someone) -> None:
    luis.types("/oncall")
    luis.types("/oncall week l1")
    noor.does_not_see("First line", in_channel="general")
    assert not world.channel("general").messages


def test_an_instant_long_ago_or_far_ahead_is_answered_too(luis: Someone) -> None:
    luis.types("/oncall l1 at 2019-01-01 09:00").shows("nobody is on call until 2026-01-05 00:00 UTC")
    luis.types("/oncall l1 at 2030-07-01 09:00").shows("which is 2030-07-01 14:00 UTC", "(nairobi)")


def test_right_after_a_restart_all_is_as_it_was(world: World, luis: Someone) -> None:
    luis.types("/oncall override l1 @camila now until 17:00 instead of me")
    told = luis.types("/oncall week l1").text
    world.stops_the_bot()
    world.starts_the_bot()
    assert luis.types("/oncall week l1").text == told
    assert world.now == datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
