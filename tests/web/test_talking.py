"""Talking: threads, reactions, answers for one person alone, and words that must not become markup."""

from playwright.sync_api import expect

from tests.flows.world import World
from tests.web.visitor import Visitor

CHANNEL = "#inc-1-scores-are-stale"
HOSTILE = '<img src=x onerror="alert(1)"> <script>alert(2)</script> <!channel> <javascript:alert(3)|x>'


def test_a_reply_stands_in_the_thread_and_is_counted_in_the_channel(declared: World, amina: Visitor) -> None:
    declared.person("luis").says("Is anybody looking?", in_channel="inc-1")
    amina.opens(CHANNEL)
    message = amina.sees("Is anybody looking?")
    message.hover()
    amina.presses("Reply in thread", message)
    thread = amina.page.get_by_role("complementary", name="Thread")
    thread.get_by_label("Reply in thread").fill("Yes, I am")
    thread.get_by_label("Reply in thread").press("Enter")
    expect(thread.locator("article").last).to_contain_text("Yes, I am")
    expect(message).to_contain_text("1 reply")
    thread.get_by_role("button", name="Close").click()
    expect(thread).to_be_hidden()


def test_a_reaction_is_set_and_taken_back(declared: World, amina: Visitor) -> None:
    declared.person("luis").says("I look at the job", in_channel="inc-1")
    amina.opens(CHANNEL)
    message = amina.sees("I look at the job")
    message.hover()
    amina.presses("React with eyes", message)
    mine = message.get_by_role("button", name="eyes: you")
    expect(mine).to_have_attribute("aria-pressed", "true")
    mine.click()
    expect(mine).to_have_count(0)


def test_an_answer_for_me_alone_is_not_seen_by_others(declared: World, amina: Visitor) -> None:
    amina.opens("#general")
    amina.types("/incident list")
    expect(amina.sees("Open incidents: 1")).to_contain_text("Only visible to you")
    amina.becomes("luis")
    amina.opens("#general")
    amina.types("Good morning")
    amina.sees("Good morning")
    amina.does_not_see("Open incidents: 1")


def test_an_unknown_verb_gets_a_kind_answer_with_the_nearest(amina: Visitor) -> None:
    amina.opens("#general")
    amina.types("/incident resolv")
    answer = amina.sees("There is no /incident resolv. Did you mean /incident resolve?")
    expect(answer).to_contain_text("Only visible to you")


def test_a_command_nobody_knows_is_answered_by_the_page(amina: Visitor) -> None:
    amina.opens("#general")
    amina.types("/inciden declare")
    amina.sees("/inciden is not a valid command here")
    expect(amina.composer).to_have_value("/inciden declare")


def test_hostile_words_stay_words(amina: Visitor) -> None:
    amina.opens("#general")
    amina.types(f"/incident declare sev2 churn-scoring Stale {HOSTILE}")
    amina.sees("INC-1 is declared")
    amina.opens_incident(1)
    expect(amina.card).to_contain_text(f"Stale {HOSTILE}")
    amina.types(f"/incident update Late {HOSTILE}")
    expect(amina.sees("Update by @Amina Otieno")).to_contain_text(f"Late {HOSTILE}")
    amina.types(f"Said {HOSTILE}")
    amina.sees(f"Said {HOSTILE}")
    view = amina.page.locator("#view")
    expect(view.locator("article").locator("img, script, iframe")).to_have_count(0)
    expect(view.locator("a[href^=javascript]")).to_have_count(0)


def test_right_to_left_words_and_emoji_are_drawn(amina: Visitor) -> None:
    amina.opens("#general")
    amina.types('/incident declare sev2 churn-scoring "النتائج قديمة 🐢"')
    amina.sees("INC-1 is declared")
    amina.opens_incident(1)
    expect(amina.card).to_contain_text("النتائج قديمة 🐢")
    amina.types("البيانات متأخرة :tada:")
    words = amina.sees("البيانات متأخرة 🎉").locator(".text > *").first
    expect(words).to_have_css("direction", "rtl")


def test_whoever_comes_back_from_a_channel_of_others_can_write_again(declared: World, amina: Visitor) -> None:
    amina.opens("#general")
    amina.opens("#ext-clearmark")
    expect(amina.page.get_by_role("button", name="Join channel")).to_be_visible()
    amina.opens("#general")
    amina.types("I am back")
    amina.sees("I am back")
