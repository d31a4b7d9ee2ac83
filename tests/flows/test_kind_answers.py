"""What is not understood gets a kind answer with the nearest match, for the asker alone, and changes nothing."""

from tests.flows.people import Someone
from tests.flows.world import World

NOT_UNDERSTOOD = {
    "declar sev1 churn-scoring Late": "There is no `/incident declar`. Did you mean `/incident declare`?",
    "frobnicate": "There is no `/incident frobnicate`.",
    "sev1 churn-scoring Late": "write `/incident declare sev1 churn-scoring Late`",
    "declare sev9 churn-scoring Late": "there is no severity “sev9”. Known are sev1, sev2, sev3 and sev4",
    "declare sev1 chrun-scoring Late": "Did you mean `/incident declare sev1 churn-scoring Late`?",
    "list fraud": "There is no service “fraud”. Did you mean `/incident list fraud-detection`?",
    "blow up": "How to use `/incident`",
    "update 77": "There is no incident INC-77",
    "show 11": "There is no incident INC-11. Did you mean INC-1?",
    "show 0": "There is no incident INC-0",
    "show INC-999": "There is no incident INC-999.",
    "show": "Which incident? Write `/incident show",
    "ack": "Open: INC-1 Scores are stale",
    "update We are on it": "Which incident?",
    "status 1 identfied": "There is no status “identfied”. Did you mean `/incident status identified`?",
    "severity 1 sevv1 Bad": "There is no severity “sevv1”. Did you mean `/incident severity sev1`?",
    "role 1 scrib @amina": "There is no role “scrib”. Did you mean `scribe`?",
    "role 1 scribe": "Which role, and who?",
    "lead 1 Amna": "There is no person “Amna”. Did you mean `amina`?",
    "runbook 1 stale-predictons": "There is no runbook “stale-predictons”. Did you mean `stale-predictions`?",
    "category 1 drift.dat": "There is no category “drift.dat”. Did you mean drift.data?",
    "note 1": "A note needs a text",
    "reopen 1": "INC-1 is open already",
}


def test_what_is_not_understood_is_answered_with_the_nearest(declared: World, amina: Someone, luis: Someone) -> None:
    before, known = declared.incidents(), declared.timeline()
    seen = len(luis.messages())
    for typed, told in NOT_UNDERSTOOD.items():
        answer = amina.types(f"/incident {typed}").shows(told)
        assert answer.messages[0].raw["ephemeral"], typed
    amina.sees_no_form()
    assert (declared.incidents(), declared.timeline()) == (before, known)
    assert len(luis.messages()) == seen


def test_the_suggested_command_works(world: World, amina: Someone) -> None:
    told = amina.types("/incident declare sev1 chrun-scoring Scores are <late> & wrong").text
    amina.types(told.split("Did you mean `")[1].split("`?")[0])
    assert world.incident().title == "Scores are <late> & wrong"
    amina.types('/incident declare sev1 "chrun-scoring is misspelt in the export"')
    assert world.incident(2).title == "chrun-scoring is misspelt in the export", "a word in quotes is meant so"
