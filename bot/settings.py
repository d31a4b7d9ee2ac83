"""The environment: where Slack, the database and the configuration are. `.env` is read."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SLACK = "https://slack.com/api/"
SECRET_LENGTH = 32  # characters, at least
_HERE = ("localhost", "127.0.0.1", "::1")


class BadSettings(Exception):
    """One sentence that says which variable is missing or malformed, and what it should look like."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = SLACK
    database_url: str = "sqlite:///baton.db"
    baton_config: Path = Path("config")
    baton_runbooks: Path = Path("runbooks")
    baton_http: str = "127.0.0.1:3000"
    baton_log: Literal["text", "json"] = "text"
    baton_url: str | None = None  # where people reach the HTTP door, for links in pages
    baton_link_secret: SecretStr | None = None
    slack_timeout: int = Field(default=10, ge=1, le=25, validation_alias="BATON_SLACK_TIMEOUT")

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not token.get_secret_value().startswith("xoxb-"):
            raise ValueError("is not a bot token; bot tokens begin with xoxb-")
        return token

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not token.get_secret_value().startswith("xapp-"):
            raise ValueError("is not an app-level token; those begin with xapp-")
        return token

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, url: str) -> str:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise ValueError("is not an http(s) address such as https://slack.com/api/")
        return url if url.endswith("/") else url + "/"

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("is neither sqlite:///FILE nor postgresql://USER@HOST/NAME")
        return url

    @field_validator("baton_http")
    @classmethod
    def _http(cls, address: str) -> str:
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError("is not HOST:PORT such as 127.0.0.1:3000")
        return address

    @field_validator("baton_url")
    @classmethod
    def _url(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
        if not safe or not parts.netloc or parts.query or parts.fragment:
            raise ValueError("is not an https address such as https://baton.example.com")
        return url.rstrip("/")

    @field_validator("baton_link_secret")
    @classmethod
    def _link_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value()) < SECRET_LENGTH:
            raise ValueError(
                f"is too short: it needs {SECRET_LENGTH} characters or more, as `openssl rand -hex 32` makes"
            )
        return secret

    @model_validator(mode="after")
    def _links_need_both(self) -> Self:
        if (self.baton_url is None) != (self.baton_link_secret is None):
            has, lacks = (
                ("BATON_LINK_SECRET", "BATON_URL") if self.baton_url is None else ("BATON_URL", "BATON_LINK_SECRET")
            )
            raise ValueError(f"{has} is set, but {lacks} is not; links that acknowledge a page need both")
        return self

    @property
    def http_address(self) -> tuple[str, int]:
        host, _, port = self.baton_http.rpartition(":")
        return host.strip("[]"), int(port)

    def must_reach_slack(self) -> str:
        """The bot token; raises BadSettings when what `bot run` needs is missing."""
        if self.slack_bot_token is None:
            raise BadSettings(
                "SLACK_BOT_TOKEN is not set. Put the bot token of your Slack app (xoxb-…) into the environment or "
                "into .env; `bot demo` needs none."
            )
        if self.slack_app_token is None and self.slack_signing_secret is None:
            raise BadSettings(
                "Neither SLACK_APP_TOKEN (xapp-…, for Socket Mode) nor SLACK_SIGNING_SECRET (for HTTP at "
                "/slack/events) is set; the bot needs one of them to hear Slack."
            )
        return self.slack_bot_token.get_secret_value()


def read_settings() -> Settings:
    """The settings of this process; raises BadSettings with one sentence."""
    try:
        return Settings()
    except ValidationError as faults:
        fault = faults.errors()[0]
        said = str(fault["msg"]).removeprefix("Value error, ")
        name = f"{str(fault['loc'][0]).upper()} " if fault["loc"] else ""
        raise BadSettings(f"{name}{said}") from None


def read_environment() -> Mapping[str, str]:
    """All variables, for the addresses of contacts: `.env`, and before it the environment of the process."""
    written = {name: value for name, value in dotenv_values(".env").items() if value}
    return {**written, **os.environ}  # noqa: TID251  # here it is read
