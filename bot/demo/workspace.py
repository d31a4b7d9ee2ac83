"""The Slack workspace that a configuration speaks of: its people, its channels, its user groups."""

from bot.policy.model import Policy
from bot.sandbox.workspace import SeedChannel, SeedUser

COMPANY = "#general"


def users(policy: Policy) -> list[SeedUser]:
    """Everybody in the configuration; who is known there by e-mail only gets an id from the sandbox's maker."""
    teams = {member: team.name for team in reversed(list(policy.teams.values())) for member in team.members}
    return [
        SeedUser(
            id=person.slack or f"U0X{key.upper()}",
            name=key,
            real_name=person.name,
            email=person.email or "",
            tz=person.time_zone,
            title=teams.get(key, ""),
        )
        for key, person in policy.people.items()
    ]


def slack_id(policy: Policy, person: str) -> str:
    return policy.people[person].slack or f"U0X{person.upper()}"


def channels(policy: Policy) -> list[SeedChannel]:
    everybody = tuple(user.id for user in users(policy))
    members = {COMPANY: everybody}
    if policy.workspace.announcements:
        members[policy.workspace.announcements] = everybody
    for schedule in policy.schedules.values():
        if schedule.handoff:
            members[schedule.handoff.channel] = everybody
    for team in policy.teams.values():
        if team.channel:
            here = tuple(slack_id(policy, member) for member in team.members)
            members[team.channel] = tuple(dict.fromkeys((*members.get(team.channel, ()), *here)))
    return [SeedChannel(name=name.removeprefix("#"), members=inside) for name, inside in members.items()]
