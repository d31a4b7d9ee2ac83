"""The app under test as its manifest describes it: name, scopes, commands, shortcuts, events, tokens."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Command:
    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    name: str
    kind: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True)
class InstalledApp:
    """What a workspace knows of the app after it was installed."""

    name: str
    scopes: frozenset[str]
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    bot_events: frozenset[str]
    home_enabled: bool
    app_id: str = "A0SANDBOX"
    bot_id: str = "B0SANDBOX"
    bot_user_id: str = "U0SANDBOXBOT"
    bot_token: str = field(default_factory=lambda: f"xoxb-{secrets.token_hex(12)}")
    app_token: str = field(default_factory=lambda: f"xapp-1-A0SANDBOX-{secrets.token_hex(12)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))

    def command(self, name: str) -> Command | None:
        return next((command for command in self.commands if command.name == name), None)

    def shortcut(self, callback_id: str) -> Shortcut | None:
        return next((shortcut for shortcut in self.shortcuts if shortcut.callback_id == callback_id), None)

    def granted(self) -> str:
        return ",".join(sorted(self.scopes))


def read_manifest(manifest: Mapping[str, Any]) -> InstalledApp:
    """Read the parts of an app manifest that decide how Slack behaves towards the app."""
    features = manifest.get("features") or {}
    settings = manifest.get("settings") or {}
    scopes = ((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ()
    name = (features.get("bot_user") or {}).get("display_name") or (manifest.get("display_information") or {}).get(
        "name"
    )
    return InstalledApp(
        name=name or "App",
        scopes=frozenset(scopes),
        commands=tuple(_command(entry) for entry in features.get("slash_commands") or ()),
        shortcuts=tuple(_shortcut(entry) for entry in features.get("shortcuts") or ()),
        bot_events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
        home_enabled=bool((features.get("app_home") or {}).get("home_tab_enabled")),
    )


def _command(entry: Mapping[str, Any]) -> Command:
    return Command(
        name=entry["command"],
        description=entry.get("description", ""),
        usage_hint=entry.get("usage_hint", ""),
        should_escape=bool(entry.get("should_escape")),
    )


def _shortcut(entry: Mapping[str, Any]) -> Shortcut:
    return Shortcut(
        name=entry["name"],
        kind=entry["type"],
        callback_id=entry["callback_id"],
        description=entry.get("description", ""),
    )
