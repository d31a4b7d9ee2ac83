"""Baton: incidents, on call, SLA clocks, runbooks and handoffs, in Slack.

The map of the house. Rooms are cut by role in the flow; a feature is a file stem that recurs in the
rooms it visits (`core/escalation.py`, `slack/views/page.py`, `tests/core/test_escalation.py`).

    cli.py         Typer commands; thin
    cli_reading.py what commands that look share: settings, policy, database, times, and how they refuse; thin
    cli_check.py   `bot check` and `bot schema`; thin
    cli_runbook.py the commands of `bot runbook`; thin
    cli_runbook_stats.py  `bot runbook stats`; thin
    cli_sla.py     the commands of `bot sla`; thin
    cli_adherence.py  those of `bot sla` that look back; thin
    cli_handoffs.py  `bot handoffs`; thin
    app.py         the only file that knows every room: builds, wires, closes in reverse
    doctor.py      what `bot doctor` looks at: configuration, database, Slack, people
    settings.py    environment
    stopping.py    how a process that serves is told to end
    logs.py        what is said to the operator, without secrets

    policy/        WHAT people decided         frozen models of config/ and runbooks/; load.py reads files
    oncall/        WHO holds the pager at t    pure: rotations, windows, overrides, shifts, coverage
    core/          WHAT should happen next     pure: events, effects, decide; escalation, sla, handoff, standin …
    reports/       WHAT happened               pure: coverage in words, as JSON and as a picture; adherence, handoffs
    store/         WHAT is remembered          the only room with SQL and rows
    engine/        WHEN it happens             the only room that reads the clock: handle, tick, deliver, scheduler
    slack/         HOW it looks and sounds     the only room that imports slack_bolt and slack_sdk
                   listeners/ (in)  views/ (state to blocks, pure)  delivery (out)  words  ids  faults
    web/           the HTTP door               health, metrics, calendars, Slack's requests
    integrations/  other people's systems      calendars that are read, pages beyond Slack, actions; behind effects
    sandbox/       a local Slack               Web API, Socket Mode, Events, a page; knows nothing of the bot
    demo/          both together               a stage with people on it, the story, what `bot demo` shows

Arrows go down only:

    cli -> demo -> app -> slack | web | integrations -> engine -> store -> core -> oncall -> policy
    reports and slack/views rest on core, oncall and policy only; sandbox imports nothing of ours

Every road shares the same middle:

    slash command   slack/listeners -> engine -> core -> store -> engine -> slack/delivery -> slack/views
    timer           engine/tick -> core -> store -> slack/delivery
    receipt         slack/delivery -> engine -> core -> store

A family of events (incidents, shifts, stand-ins, plans, calendars, the library) has an aggregate and a `decide` of its
own in core; engine/decisions.py is the table of them.
"""
