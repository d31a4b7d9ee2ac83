"""From what a person types to what Slack sends: escaping, mentions and channel links."""

from __future__ import annotations

import re

from bot.sandbox.workspace import Workspace

MENTION = re.compile(r"(?<![\w@])@([\w.-]*\w)")
CHANNEL_LINK = re.compile(r"(?<![\w#&])#([\w-]*\w)")
ADDRESS = re.compile(r"https?://\S+")
BROADCASTS = frozenset({"here", "channel", "everyone"})


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_message(workspace: Workspace, text: str) -> str:
    """A message: `@name` becomes `<@U…>`, `#channel` becomes `<#C…|channel>`, the rest is escaped."""
    return _linked(workspace, escape(text), with_names=False)


def as_command(workspace: Workspace, text: str, should_escape: bool) -> str:
    """A command's text is escaped always; mentions become ids only if the manifest says should_escape."""
    escaped = escape(text)
    if not should_escape:
        return escaped
    return _linked(workspace, ADDRESS.sub(lambda found: f"<{found[0]}>", escaped), with_names=True)


def _linked(workspace: Workspace, text: str, with_names: bool) -> str:
    def mention(found: re.Match[str]) -> str:
        handle = found[1]
        if handle in BROADCASTS:
            return f"<!{handle}>"
        user = workspace.user_named(handle)
        if user is None:
            group = workspace.group_named(handle)
            words = f"|@{handle}" if with_names else ""
            return found[0] if group is None else f"<!subteam^{group.id}{words}>"
        return f"<@{user.id}|{handle}>" if with_names else f"<@{user.id}>"

    def link(found: re.Match[str]) -> str:
        channel = workspace.channel_named(found[1])
        return found[0] if channel is None else f"<#{channel.id}|{channel.name}>"

    return CHANNEL_LINK.sub(link, MENTION.sub(mention, text))
