"""Every id that Slack hands back to us, each once: commands, shortcuts, modals, buttons and inputs."""

import json
from enum import StrEnum


class Command(StrEnum):
    INCIDENT = "/incident"
    ONCALL = "/oncall"
    RUNBOOK = "/runbook"
    HANDOFF = "/handoff"


class Shortcut(StrEnum):
    DECLARE = "declare_incident"
    DECLARE_FROM_MESSAGE = "declare_from_message"
    ADD_TO_TIMELINE = "add_to_timeline"


class Modal(StrEnum):
    """Callback ids of views."""

    DECLARE = "declare"
    UPDATE = "update"
    STATUS = "status"
    SEVERITY = "severity"
    RESOLVE = "resolve"
    NOTE = "note"
    PAGE = "page"
    CATEGORY = "category"
    SKIP_STEP = "skip_step"
    FAIL_STEP = "fail_step"
    STEP_VALUE = "step_value"
    ASSIGN_STEP = "assign_step"
    EVIDENCE = "evidence"
    REFUSE_ACTION = "refuse_action"
    FEEDBACK = "feedback"
    OVERRIDE = "override"
    COVER = "cover"
    SWAP = "swap"
    PAUSE = "pause"
    MERGE = "merge"
    COMPLETE_HANDOFF = "complete_handoff"
    TAKE_HANDOFF = "take_handoff"
    QUESTION_ITEM = "question_item"
    DECLINE_ITEM = "decline_item"
    READ_BACK = "read_back"


class Button(StrEnum):
    """Action ids of buttons; what a button is about travels in its value."""

    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    DECLINE_PAGE = "decline_page"
    PAGE = "open_page"
    DECLARE = "open_declare"
    UPDATE = "open_update"
    STATUS = "open_status"
    SEVERITY = "open_severity"
    RESOLVE = "open_resolve"
    TAKE_LEAD = "take_lead"
    RUNBOOKS = "show_runbooks"
    MITIGATED = "mitigated"
    REOPEN = "reopen"
    CLOSE = "close"
    SHOW = "show_incident"
    LIST = "show_list"
    HELP = "show_help"
    START_RUNBOOK = "start_runbook"
    STEP_DONE = "step_done"
    STEP_SKIP = "open_skip_step"
    STEP_FAILED = "step_failed"
    STEP_VALUE = "open_step_value"
    STEP_ANSWER = "step_answer"  # followed by ":0", ":1", …: Slack wants each id once in a block
    ASSIGN_STEP = "open_assign_step"
    ADD_EVIDENCE = "open_evidence"
    STOP_RUNBOOK = "stop_runbook"
    RUN_DRY = "run_dry"
    RUN_ACTION = "run_action"
    APPROVE_ACTION = "approve_action"
    REFUSE_ACTION = "open_refuse_action"
    HELPED = "runbook_helped"
    NOT_HELPED = "open_feedback"
    READ_RUNBOOK = "read_runbook"
    BROWSE_RUNBOOKS = "browse_runbooks"
    CATEGORY = "open_category"
    ACCEPT_HANDOFF = "accept_handoff"
    COMPLETE_HANDOFF = "open_complete_handoff"
    ACCEPT_ITEM = "accept_item"
    QUESTION_ITEM = "open_question_item"
    DECLINE_ITEM = "open_decline_item"
    READ_BACK = "open_read_back"
    ACCEPT_LEAD = "accept_lead"
    DECLINE_LEAD = "decline_lead"
    OVERRIDE = "open_override"
    COVER = "open_cover"
    SWAP = "open_swap"
    WEEK = "show_week"
    COVERAGE = "show_coverage"
    ACCEPT_STAND_IN = "accept_stand_in"
    DECLINE_STAND_IN = "decline_stand_in"
    UNDO_STAND_IN = "undo_stand_in"
    PAUSE = "open_pause"
    RESUME = "end_wait"
    EXPLAIN = "explain_clocks"
    MERGE = "open_merge"


class Field(StrEnum):
    """Block ids of the inputs of modals; their action id is INPUT."""

    TITLE = "title"
    SEVERITY = "severity"
    SERVICE = "service"
    SUMMARY = "summary"
    TEXT = "text"
    STATUS = "status"
    NOTE = "note"
    REASON = "reason"
    INCIDENT = "incident"
    SCHEDULE = "schedule"
    PERSON = "person"
    START = "start"
    END = "end"
    INSTEAD_OF = "instead_of"
    MINE = "mine"
    THEIRS = "theirs"
    TARGETS = "targets"
    ON = "on"
    CATEGORY = "category"
    ANSWER = "answer"
    ASSIGNEE = "assignee"
    EVIDENCE = "evidence"
    FILES = "files"
    FEEDBACK = "feedback"
    START_HERE = "start_here"
    WATCH = "watch"
    SILENCES = "silences"
    AHEAD = "ahead"
    NEXT_ACTION = "next_action"  # this and the three that follow: ":" and the number of the incident come after it
    OWNER = "owner"
    DUE = "due"
    IF_THEN = "if_then"
    SENTENCE = "sentence"


INPUT = "value"


def answer_id(index: int) -> str:
    """The action id of one answer to a question of a runbook."""
    return f"{Button.STEP_ANSWER}:{index}"


def field_of(field: Field, number: int) -> str:
    """The block id of what is asked of one incident among several."""
    return f"{field}:{number}"


def carry(**facts: str | int | None) -> str:
    """What a button or a modal brings back to us, as its value or private metadata."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def carried(value: str | None) -> dict[str, str]:
    """What `carry` sent; nothing if it is not ours or from before a change of form."""
    try:
        facts = json.loads(value or "{}")
    except ValueError:
        return {}
    return {key: str(fact) for key, fact in facts.items() if fact is not None} if isinstance(facts, dict) else {}
