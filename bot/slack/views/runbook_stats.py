"""What runbooks are worth, for one person: all of them at a glance, or one with its steps."""

from collections.abc import Sequence

from slackblocks import Block
from slackblocks.objects import RawText

from bot.reports.runbook_stats import RunbookStats, StepStats, in_words
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, and_more, context, drawn, section, sentence, table
from bot.slack.words.text import clip, flat, line, quoted, said_on_a_line

MOST_ROWS = 30
MOST_FEEDBACK = 8
MOST_NEVER_DONE = 10


def stats(found: Sequence[RunbookStats], span: str) -> Drawn:
    """The most used first; those that nobody used are only counted."""
    used = [each for each in found if each.uses]
    if not used:
        return sentence(f"📊 No runbook was used in the last {span}.")
    rows = [["Runbook", "Used", "To the end", "Median", "Helped", "Last"]]
    rows += [
        [clip(flat(each.title), 80), str(each.uses), str(each.finished), _span(each), _helped(each), _last(each)]
        for each in used[:MOST_ROWS]
    ]
    heading = f"📊 Runbooks of the last {span}"
    never = [f"• step `{line(step, 60)}` of {line(each.title, 80)}" for each in used for step in each.nobody_does]
    more = and_more(len(never) - MOST_NEVER_DONE)
    nobody = "\n".join(filter(None, ("*Nobody does*", *never[:MOST_NEVER_DONE], more)))
    unused = len(found) - len(used)
    return drawn(
        heading,
        [
            section(f"*{heading}*"),
            _table(rows),
            section(nobody) if never else None,
            context(and_more(len(used) - MOST_ROWS), f"{unused} were not used." if unused else ""),
            context("`/runbook stats NAME` shows the steps of one, and what people said of it."),
        ],
    )


def stats_of(each: RunbookStats, span: str, names: Names) -> Drawn:
    heading = f"📊 {line(each.title)}: the last {span}"
    summary = f"Used {each.uses}× · {each.finished} to the end · median {_span(each)} · helped {_helped(each)}"
    rows = [["Step", "Reached", "Done", "Skipped", "Failed", "Median"]]
    rows += [_step(step) for step in each.steps[:MOST_ROWS]]
    said = [
        f"INC-{one.incident}, {names.mention(one.by) if one.by else 'somebody'}:\n"
        + quoted(said_on_a_line(one.text, names.mention, 300))
        for one in each.feedback[:MOST_FEEDBACK]
    ]
    more = context(and_more(len(each.steps) - MOST_ROWS, "more steps"))
    return drawn(
        heading,
        [
            section(f"*{heading}*\n{summary}"),
            _table(rows) if each.uses and each.steps else None,
            more if each.uses else None,
            section("*What people said*\n" + "\n".join(said)) if said else None,
        ],
    )


def _step(step: StepStats) -> list[str]:
    mark = " (nobody does it)" if step.nobody_does_it else ""
    counts = (step.reached, step.done, step.skipped, step.failed)
    return [f"{clip(step.step, 60)}{mark}", *map(str, counts), in_words(step.time) if step.time is not None else "–"]


def _span(each: RunbookStats) -> str:
    return in_words(each.time) if each.time is not None else "–"


def _helped(each: RunbookStats) -> str:
    rated = each.helped + each.did_not_help
    return f"{each.helped} of {rated}" if rated else "–"


def _last(each: RunbookStats) -> str:
    return f"{each.last_used:%Y-%m-%d}" if each.last_used else "–"


def _table(rows: list[list[str]]) -> Block:
    return table([[RawText(cell) for cell in row] for row in rows])
