"""The handoff as a canvas holds it."""

from dataclasses import replace

import pytest
from hypothesis import given

from bot.core.handoff import Handoff, ItemState
from bot.slack.views.handoff_canvas import KEPT, canvas
from bot.slack.words import canvas as md
from tests.slack.build import NAMES, POLICY
from tests.slack.handoff_pictures import ANSWERED, HANDOFF, QUIET, TAKEN, many
from tests.slack.test_handoff_views import hostile
from tests.slack.test_limits import FEW, TEXTS

LINK = "https://team.slack.com/archives/C1/p1"


def drawn(*handed: Handoff) -> str:
    return canvas(handed, {HANDOFF.id: LINK}, POLICY, NAMES)


def test_a_handoff_stands_in_the_canvas_as_in_the_message() -> None:
    assert (
        drawn(HANDOFF)
        == f"""\
# 🤝 Handoff Support L1 · 16:00 Nairobi / 08:00 Bogota

- **Change:** 2026-03-02 13:00 UTC
- **Goes:** ![](@U0AMINA)
- **Comes:** ![](@U0LUIS)
- [Accept, ask or decline in the message]({LINK})

- **Start here:** INC-42: the rerun ends at 17:00

## 2 open incidents, worst first

- [ ] 🔴 **INC-42** Scores are stale ▲ · Investigating · ![](@U0AMINA) · Update due 2026-03-02 13:20 UTC
- [ ] 🟡 **INC-41** Labels are late ▼ · Monitoring · nobody leads · 🔴 Mitigation was due 2026-03-02 12:55 UTC

### 🔴 **INC-42 Scores are stale** ![](#C042) ▲ worse

- Critical (sev1) · Investigating · Lead: ![](@U0AMINA) · Churn scoring (Acme Telecom) · model churn-xgb
- Update due 2026-03-02 13:20 UTC ▰▰▰▱▱▱▱▱▱▱ 34%
- ⏸ Resolution (standard) stands still until 2026-03-02 14:00 UTC, 50% used
- ⏸ Waiting on the customer: they send \\<the file>, says ![](@U0LUIS)
- **Tried**
    - Predictions are stale, last-run: ✓
    - Rolled back to champion-1
    - The \\<table> is ![](@U0AMINA)'s
    - Retrained
- **Next:** Rerun the scoring job — ![](@U0LUIS) — due 2026-03-02 14:00 UTC
- **If … then:** If it is stale again by 18:00, roll back & tell ![](@U0SITA)
- **Path** follow-the-sun: Amina Otieno 16:00 ☀️, Sita Gurung 18:45 ☀️, Luis Rojas 08:00 ☀️

### 🟡 **INC-41 Labels are late** ▼ better

- Minor (sev3) · Monitoring · Lead: nobody
- 🔴 Mitigation was due 2026-03-02 12:55 UTC
- ⚠️ Nobody has said what comes next.

## The shift as a whole

- **Watch**
    - Queue of labels
    - GPU pool \\<b>
- **Silences:** PredictionsStale until 18:00
- **Changes ahead:** Retraining begins at 20:00
- **Waiting** on the customer: INC-42
- **Notes**
    - The backfill runs until 6 (![](@U0AMINA), 2026-03-02 11:00 UTC)
- ⚠️ Nobody is on call 2026-03-03 13:00 UTC – 2026-03-03 15:00 UTC
- 📅 Amina Otieno is on call on Women's Day, from 2026-03-05 13:00 UTC
- **Since 2026-03-02 05:00 UTC:** 2 declared; resolved: INC-40 Drift \\<in> churn and INC-39 Queue is full; \
🔴 late: INC-39 Update; 5 pages, 2 of them in somebody's night 🌙

---

{KEPT}
"""
    )


def test_a_box_is_ticked_only_for_what_was_accepted() -> None:
    assert drawn(TAKEN).count("- [x] ✅ ") == 2
    assert [drawn(ANSWERED).count(box) for box in ("- [x]", "- [ ] ❓", "- [ ] ⛔")] == [0, 1, 1]
    carried = tuple(replace(item, state=ItemState.CARRIED, answered_by="luis") for item in HANDOFF.items)
    assert "- [x]" not in drawn(replace(HANDOFF, items=carried))


def test_what_was_read_back_is_quoted() -> None:
    read_back = drawn(replace(TAKEN, sentence="INC-42 is worst\n# not a heading"))
    assert "took it, 2026-03-02 13:03 UTC.\n\n> INC-42 is worst\n> \\# not a heading\n" in read_back


def test_a_quiet_shift_takes_a_few_lines() -> None:
    quiet = drawn(QUIET)
    assert "Quiet. No incident is open." in quiet
    assert "##" not in quiet


def test_schedules_that_share_a_channel_share_its_canvas() -> None:
    both = drawn(HANDOFF, replace(QUIET, id="other", schedule="l2"))
    assert [line.partition(" · ")[0] for line in both.splitlines() if line.startswith("# ")] == [
        "# 🤝 Handoff Support L1",
        f"# 🤝 Handoff {POLICY.schedule_name('l2')}",
    ]


def test_of_two_hundred_incidents_all_have_a_box_and_the_worst_fifty_stand_in_full() -> None:
    text = drawn(many(200))
    assert text.count("\n- [ ] ") == 200
    assert [line.split("INC-")[1].split()[0] for line in text.splitlines() if line.startswith("### ")] == [
        str(number) for number in range(1, 51)
    ]


def test_however_much_there_is_it_stays_within_what_slack_takes() -> None:
    text = drawn(*(replace(hostile("𝕏" * 2000, 60), id=f"{number}") for number in range(4)))
    assert len(text.encode()) < 1024 * 1024
    assert text.endswith(f"{KEPT}\n")


@FEW
@given(TEXTS)
def test_no_words_of_people_make_headings_boxes_or_links(text: str) -> None:
    rows = [row for row in drawn(hostile(text)).split("\n") if row]
    assert sum(row.startswith("# ") for row in rows) == 1
    assert sum(row.startswith("- [ ] ") for row in rows) == 1
    assert all(row.startswith(("#", "- ", "    - ", "---", KEPT)) for row in rows)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*Since <!date^0^{time}|1970 UTC>:* done", "**Since 1970 UTC:** done"),
        ("2*3*4 and *a", "2\\*3\\*4 and \\*a"),
        ("<https://x.io/a_(b)?c=1&amp;d|the *log*>", "[the **log**](https://x.io/a_%28b%29?c=1&d)"),
        ("<https://x.io>", "[https://x.io](https://x.io)"),
        ("<#C1|ops> <@U1> <!subteam^S1|@ops> <!here>", "![](#C1) ![](@U1) @ops @here"),
        ("[x](y) ![](@U1)", "\\[x](y) !\\[](@U1)"),
        ("a ``` b `c`", "a \\`\\`\\` b `c`"),
        ("R&amp;D &lt;b&gt; \\", "R&D \\<b> \\\\"),
    ],
)
def test_messages_become_markdown(written: str, shown: str) -> None:
    assert md.markdown(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# no heading", "- \\# no heading"),
        ("1. no list", "- 1\\. no list"),
        ("- no list", "- \\- no list"),
        ("&gt;no quotation", "- \\>no quotation"),
        ("1.5 hours", "- 1.5 hours"),
        ("-5 degrees", "- -5 degrees"),
        ("[x] no box", "- \\[x] no box"),
        ("*Watch*\n• a\n\n• b", "- **Watch**\n    - a\n    - b"),
    ],
)
def test_a_line_of_a_list_begins_nothing_else(written: str, shown: str) -> None:
    assert "\n".join(md.bullets(written)) == shown
