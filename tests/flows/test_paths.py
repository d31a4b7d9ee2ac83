"""`/incident path` and `/oncall path`: who was paged and how it ended, who is next and when, or why nobody is."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_it_says_who_was_paged_and_who_is_next(declared: World, amina: Someone) -> None:
    path = amina.types("/incident path", in_channel="inc-1")
    path.shows("Escalation of INC-1 Scores are stale", "Path follow-the-sun")
    path.shows("📟 @Luis Herrera, 2026-03-02 19:00 UTC (by Slack): no answer yet")
    path.shows("Next, 2026-03-02 19:05 UTC: whoever is on call for Second line (Andrés Pardo)")
    path.shows("▶ 1. whoever is on call for First line; then wait 5 min")
    path.shows("▫️ 2. whoever is on call for Second line (Andrés Pardo); then wait 10 min")
    path.shows("; then wait 15 min; only for sev1 or sev2", "the path runs 3 times; this is round 1")


def test_whoever_stands_in_is_named_as_next(declared: World, andres: Someone, amina: Someone) -> None:
    andres.types("/oncall override l2 @valentina now for 2h")
    amina.types("/incident path", in_channel="inc-1").shows("Second line (Valentina Gómez)")


def test_the_card_and_the_page_name_whoever_stands_in(world: World, andres: Someone, amina: Someone) -> None:
    andres.types("/oncall override l2 @valentina now for 2h")
    amina.types("/incident declare sev2 churn-scoring Scores are stale")
    amina.types("/incident show 1").shows("Second line (Valentina Gómez)")
    world.channel("inc-1").card.shows("Second line (Valentina Gómez)")
    world.person("luis").sees("You are paged").shows("Second line (Valentina Gómez)")


def test_who_has_declined_is_not_named_as_next(declared: World, luis: Someone, amina: Someone) -> None:
    luis.sees("You are paged").clicks("Can't take it")
    path = amina.types("/incident path", in_channel="inc-1")
    path.shows("📟 @Luis Herrera, 2026-03-02 19:00 UTC (by Slack): can't take it, 2026-03-02 19:00 UTC")
    path.shows("📟 @Andrés Pardo, 2026-03-02 19:00 UTC (by Slack): no answer yet")


def test_after_the_answer_it_says_who_has_it(acknowledged: World, amina: Someone) -> None:
    path = amina.types("/incident path", in_channel="inc-1")
    path.shows("✅ Acknowledged by @Luis Herrera, 2026-03-02 19:01 UTC", "acknowledged, 2026-03-02 19:01 UTC")
    path.does_not_show("Next,", "▶")


def test_after_the_end_it_says_why_it_stopped(acknowledged: World, amina: Someone) -> None:
    amina.types("/incident resolve It was a late table", in_channel="inc-1")
    amina.types("/incident path", in_channel="inc-1").shows("It has stopped: the incident is resolved")


def test_who_was_asked_in_stands_apart(acknowledged: World, luis: Someone, sita: Someone) -> None:
    luis.types("/incident page sita", in_channel="inc-1")
    sita.sees("You are asked to join").clicks("I'm in")
    luis.types("/incident path", in_channel="inc-1").shows(
        "Asked to join",
        "📟 @Sita Gurung, 2026-03-02 19:01 UTC, by @Luis Herrera (by Slack): joined, 2026-03-02 19:01 UTC",
    )


def test_another_severity_with_another_path_says_so_in_the_old_page(
    world: World, amina: Someone, luis: Someone
) -> None:
    amina.types("/incident declare sev2 customer-events Events are thin")
    page = luis.sees("You are paged")
    amina.types("/incident severity sev4", in_channel="inc-1")
    page.now().shows("has another severity", "others are paged for it now")
    amina.types("/incident path", in_channel="inc-1").shows("Path office-hours", "another path began")


def test_the_path_of_a_service_names_whom_each_step_means_now(world: World, noor: Someone) -> None:
    path = noor.types("/oncall path churn-scoring")
    path.shows("Who is paged for Churn scoring (Acme Telecom), as of 2026-03-02 19:00 UTC")
    path.shows("sev1, sev2, sev3 and sev4: path follow-the-sun")
    path.shows("1. whoever is on call for First line (Luis Herrera); then wait 5 min")
    path.shows("3. team MLOps Support, second line and Amina Otieno; then wait 15 min; only for sev1 or sev2")
    path.shows("`/oncall simulate churn-scoring sev1` plays it through")


def test_a_service_may_have_another_path_for_other_severities(world: World, noor: Someone) -> None:
    path = noor.types("/oncall path customer-events")
    path.shows("sev1 and sev2: path follow-the-sun", "sev3 and sev4: path office-hours")
    path.shows(
        "sev3 and sev4 are paged Mon-Fri 08:00-17:00 in Nairobi", "declared now, it is held until 2026-03-03 05:00"
    )
    path.shows("1. one of team MLOps Support", "2. anybody in #mlops-support; then wait 2 h")
    noor.types("/oncall path Customer events pipeline SEV-4").does_not_show("follow-the-sun")


def test_a_simulation_plays_the_path_through_and_pages_nobody(world: World, noor: Someone, luis: Someone) -> None:
    played = noor.types("/oncall simulate churn-scoring sev2 at 2026-03-03 02:30 UTC")
    played.shows("declared 2026-03-03 02:30 UTC, if nobody answers", "No page was sent")
    feast = "🎉 Fagu Poornima (Terai)"
    played.shows(f"At once, 2026-03-03 02:30 UTC, step 1 of round 1: Sita Gurung, 08:15 Kathmandu {feast}, by Slack")
    played.shows("+15 min, 2026-03-03 02:45 UTC, step 3 of round 1:", "• Andrés Pardo, 21:45 Bogota, by Slack")
    played.shows("• Wanjiru Kamau, 05:45 Nairobi 😴 asleep, by Slack")
    played.shows("+1 h 30 min, 2026-03-03 04:00 UTC: the path has run out; the channel and Amina Otieno are told")
    assert world.incidents() == []
    luis.does_not_see("paged")


def test_what_is_missing_or_mistyped_is_asked_for(world: World, noor: Someone) -> None:
    noor.types("/oncall path").shows("Which service?", "/oncall path churn-scoring")
    noor.types("/oncall simulate churn-scoring").shows("Which severity?", "/oncall simulate churn-scoring sev1")
    noor.types("/oncall simulate sev1").shows("Which service?")
    noor.types("/oncall path chrun-scoring").shows(
        "There is no service “chrun-scoring”", "Did you mean `churn-scoring`?"
    )
    noor.types("/oncall path churn-scoring sev9").shows("There is no severity “sev9”")
    noor.types("/oncall simulate churn-scoring sev1 at half past").shows("I do not understand the time “half past”")
    noor.types("/oncall path churn-scoring sev1 please").shows("I do not understand “please”", "How to use")
