"""`bot doctor`, in a local Slack that is well, and in one where one thing at a time is not."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from bot.core.effects import PublishHome
from bot.demo.workspace import channels, users
from bot.doctor import drawn, examine, is_well, report
from bot.engine.clock import SystemClock
from bot.policy.load import load
from bot.sandbox import groups
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import SeedChannel
from bot.settings import BadSettings, Settings
from bot.slack.doctor import Finding, Grade, clock_against
from bot.slack.manifest import manifest
from bot.store.store import Store
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

ROOT = Path(__file__).parent.parent
SMS = "json://127.0.0.1:9/a-secret"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Practice:
    """A small configuration, the Slack in which its people are, a database, and a doctor who looks at it all."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.config = folder / "config"
        self.config.mkdir()
        self.written: dict[str, Any] = {
            "workspace": {"workspace": {"announcements": "#incidents"}},
            "people": {
                "people": {
                    "amina": {"name": "Amina Otieno", "slack": "U0AMINA", "time_zone": "Africa/Nairobi"},
                    "luis": {"name": "Luis Rojas", "email": "luis@example.com", "time_zone": "America/Bogota"},
                    "idle": {"name": "Nobody pages them", "time_zone": "UTC"},
                }
            },
            "severities": {"severities": {"sev1": {"name": "Critical"}}},
            "escalation": {
                "escalation_paths": {
                    "all": {"steps": [{"page": ["person:amina", "person:luis", "channel:#help"], "wait": "5m"}]}
                }
            },
        }
        self.write()
        policy = load(self.config)
        self.manifest = manifest()
        self.users, self.channels = users(policy), [*channels(policy), SeedChannel("help", members=("U0AMINA",))]
        self.settings = Settings(_env_file=None, database_url=f"sqlite:///{database}", baton_config=self.config)
        self.settings.baton_runbooks = folder / "runbooks"
        self.settings.baton_runbooks.mkdir()
        self.environ: dict[str, str] = {}

    def write(self) -> None:
        for name, content in self.written.items():
            (self.config / f"{name}.yaml").write_text(yaml.safe_dump(content))

    def person(self, key: str, **fields: Any) -> None:
        """Some of what is written of somebody is otherwise; None: it is left out."""
        people = self.written["people"]["people"]
        people[key] = {name: value for name, value in {**people[key], **fields}.items() if value is not None}
        self.write()

    def pages(self, *targets: str) -> None:
        self.written["escalation"]["escalation_paths"]["all"]["steps"][0]["page"] += targets
        self.write()

    @contextmanager
    def slack(self) -> Iterator[Sandbox]:
        with Sandbox(manifest=self.manifest, users=self.users, channels=self.channels) as sandbox:
            self.settings.slack_api_url = sandbox.api_url
            self.settings.slack_bot_token = SecretStr(sandbox.bot_token)
            self.settings.slack_app_token = SecretStr(sandbox.app_token)
            yield sandbox

    def looks(self) -> list[Finding]:
        found = list(examine(lambda: self.settings, self.environ, SystemClock()))
        told = str([*found, *map(str, drawn(found))])
        for secret in (self.settings.slack_bot_token, self.settings.slack_app_token):
            assert secret is None or secret.get_secret_value() not in told
        assert "a-secret" not in told
        return found

    def faults(self) -> dict[str, str]:
        """What is wrong, by what it is about."""
        found = self.looks()
        wrong = {each.about: each.said for each in found if each.grade is Grade.FAULT}
        assert is_well(found) is not bool(wrong)
        return wrong


@pytest.fixture
def practice(tmp_path: Path, sqlite_template: Path) -> Practice:
    database = tmp_path / "baton.db"
    shutil.copy(sqlite_template, database)
    return Practice(tmp_path, database)


def graded(found: list[Finding], grade: Grade) -> dict[str, str]:
    return {each.about: each.said for each in found if each.grade is grade}


def only(found: Mapping[str, str]) -> tuple[str, str]:
    ((about, said),) = found.items()
    return about, said


def test_where_all_is_well_nothing_is_found_wrong(practice: Practice) -> None:
    with practice.slack() as sandbox:
        found = practice.looks()
        called = {call.method for call in sandbox.calls}
    assert is_well(found)
    well = graded(found, Grade.WELL)
    assert {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "scopes", "#incidents", "#help", "database", "writing"} <= set(well)
    assert well["amina (Amina Otieno)"] == well["luis (Luis Rojas)"] == "Can be reached by Slack."
    assert not any("idle" in each.about for each in found)
    assert not {method for method in called if "post" in method or "update" in method or "join" in method}


def test_a_missing_scope_is_named_with_what_it_is_for(practice: Practice) -> None:
    practice.manifest["oauth_config"]["scopes"]["bot"].remove("pins:write")
    with practice.slack():
        about, said = only(practice.faults())
    assert about == "pins:write"
    assert said.startswith("This scope is missing (to pin the card): add it in “OAuth & Permissions”")


def test_a_scope_that_it_can_do_without_is_a_hint(practice: Practice) -> None:
    practice.manifest["oauth_config"]["scopes"]["bot"].remove("canvases:write")
    with practice.slack():
        found = practice.looks()
    assert is_well(found)
    assert "keep the handoff in the canvas" in graded(found, Grade.HINT)["canvases:write"]
    assert "scopes" in graded(found, Grade.WELL)


def test_a_scope_that_the_doctor_needs_as_well_is_named_wherever_it_is_missed(practice: Practice) -> None:
    practice.manifest["oauth_config"]["scopes"]["bot"].remove("channels:read")
    with practice.slack():
        faults = practice.faults()
    assert faults["channels"] == "They cannot be listed: missing_scope: channels:read."
    assert "channels:read" in faults


def test_a_wrong_token_is_said_and_what_rests_on_it_is_left_out(practice: Practice) -> None:
    with practice.slack() as sandbox:
        practice.settings.slack_bot_token = SecretStr("xoxb-1-another-workspace")
        found = practice.looks()
        assert {call.method for call in sandbox.calls} == {"auth.test"}
    about, said = only(graded(found, Grade.FAULT))
    assert about == "SLACK_BOT_TOKEN"
    assert said.startswith("Slack refuses it (invalid_auth): copy the token again")
    assert "were not looked at" in graded(found, Grade.HINT)["the rest"]


def test_a_wrong_app_token_is_said(practice: Practice) -> None:
    with practice.slack():
        practice.settings.slack_app_token = SecretStr("xapp-1-another-app")
        about, said = only(practice.faults())
    assert about == "SLACK_APP_TOKEN"
    assert "connections:write" in said


def test_without_an_app_token_requests_come_by_http(practice: Practice) -> None:
    with practice.slack() as sandbox:
        practice.settings.slack_app_token = None
        practice.settings.slack_signing_secret = SecretStr(sandbox.signing_secret)
        assert "/slack/events" in graded(practice.looks(), Grade.HINT)["SLACK_APP_TOKEN"]


def test_without_a_token_the_rest_is_looked_at_all_the_same(practice: Practice) -> None:
    practice.person("amina", contact=[{"env": "AMINA_SMS", "name": "SMS"}])
    faults = practice.faults()
    assert set(faults) == {"tokens", "amina (Amina Otieno)"}
    assert faults["tokens"].startswith("SLACK_BOT_TOKEN is not set.")
    assert "AMINA_SMS is not set" in faults["amina (Amina Otieno)"]


def test_a_malformed_variable_is_said_alone(practice: Practice) -> None:
    def read() -> Settings:
        raise BadSettings("SLACK_BOT_TOKEN is not a bot token; bot tokens begin with xoxb-")

    (found,) = examine(read, {}, SystemClock())
    assert found.grade is Grade.FAULT
    assert found.said.endswith("begin with xoxb-. Nothing else was looked at.")


def test_a_slack_out_of_reach_is_said(practice: Practice) -> None:
    with practice.slack():
        pass
    about, said = only(practice.faults())
    assert about == "SLACK_BOT_TOKEN"
    assert said.startswith("Slack cannot be reached at http://127.0.0.1:")


def test_a_faulty_configuration_is_said_and_slack_is_asked_all_the_same(practice: Practice) -> None:
    practice.person("amina", country="Kenya")
    with practice.slack():
        found = practice.looks()
    ((about, said),) = graded(found, Grade.FAULT).items()
    assert str(practice.config) in about
    assert said.startswith("1 fault, the first: ") and "`bot check`" in said
    assert "SLACK_BOT_TOKEN" in graded(found, Grade.WELL)


def test_a_channel_that_is_not_there_is_a_fault_with_a_suggestion(practice: Practice) -> None:
    practice.written["workspace"]["workspace"]["announcements"] = "#incident"
    practice.write()
    with practice.slack():
        about, said = only(practice.faults())
    assert about == "#incident"
    assert said.endswith("Did you mean #incidents?")


def test_a_channel_in_which_the_bot_may_not_post_is_a_fault(practice: Practice) -> None:
    practice.manifest["oauth_config"]["scopes"]["bot"].remove("chat:write.public")
    with practice.slack():
        faults = practice.faults()
    assert "`/invite @baton`" in faults["#incidents"]


def test_an_archived_channel_is_a_fault(practice: Practice) -> None:
    with practice.slack() as sandbox:
        with sandbox.workspace.lock:
            channel = sandbox.workspace.channel_named("incidents")
            assert channel is not None
            channel.archived = True
        about, said = only(practice.faults())
    assert about == "#incidents"
    assert said.startswith("It is archived")


def test_a_user_group_that_is_paged_must_be_there_and_have_people(practice: Practice) -> None:
    practice.pages("group:@engineers")
    with practice.slack() as sandbox:
        assert "there is none" in practice.faults()["@engineers"]
        with sandbox.workspace.lock:
            group = groups.create(sandbox.workspace, "Engineers", "engineers", "", "U0AMINA")
        assert practice.faults()["@engineers"].startswith("Nobody is in this user group")
        with sandbox.workspace.lock:
            group.users.append("U0AMINA")
        assert practice.faults() == {}
        with sandbox.workspace.lock:
            group.deleted = 1
        assert "switched off" in practice.faults()["@engineers"]


def test_somebody_without_slack_cannot_be_paged(practice: Practice) -> None:
    practice.pages("person:idle")
    with practice.slack():
        about, said = only(practice.faults())
    assert about == "idle (Nobody pages them)"
    assert said == "Cannot be reached by any way: neither a Slack id nor an e-mail address is configured."


def test_somebody_without_slack_who_has_another_way_is_a_hint(practice: Practice) -> None:
    practice.pages("person:idle")
    practice.person("idle", contact=[{"env": "IDLE_SMS", "name": "SMS"}])
    practice.environ["IDLE_SMS"] = SMS
    with practice.slack():
        found = practice.looks()
    assert is_well(found)
    assert graded(found, Grade.HINT)["idle (Nobody pages them)"].startswith("Can be reached by SMS: ")


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ({"slack": "U0NOBODY"}, "Slack knows nobody by the id U0NOBODY."),
        ({"slack": None, "email": "a@example.org"}, "Slack knows nobody by this e-mail address."),
    ],
)
def test_somebody_whom_slack_does_not_know_is_a_fault(who: dict[str, Any], said: str, practice: Practice) -> None:
    practice.person("amina", **who)
    with practice.slack():
        assert practice.faults() == {"amina (Amina Otieno)": f"Cannot be reached by any way: {said}"}


def test_a_deactivated_account_is_a_fault(practice: Practice) -> None:
    with practice.slack() as sandbox:
        sandbox.deactivate("U0AMINA")
        about, said = only(practice.faults())
    assert about == "amina (Amina Otieno)"
    assert said == "Cannot be reached by any way: the account U0AMINA is deactivated."


def test_a_contact_that_cannot_be_used_is_a_fault_beside_a_working_slack(practice: Practice) -> None:
    practice.person("amina", contact=[{"env": "AMINA_SMS", "name": "SMS"}, {"env": "AMINA_MAIL", "name": "e-mail"}])
    practice.environ |= {"AMINA_SMS": SMS, "AMINA_MAIL": "a-secret"}
    with practice.slack():
        about, said = only(practice.faults())
    assert about == "amina (Amina Otieno)"
    assert said.startswith("Can be reached by Slack and SMS: AMINA_MAIL holds no address")


def test_another_time_zone_in_slack_is_a_hint(practice: Practice) -> None:
    practice.person("amina", time_zone="Africa/Kampala")  # another name of the same time
    practice.person("luis", time_zone="Asia/Kathmandu")
    with practice.slack():
        found = practice.looks()
    assert is_well(found)
    about, said = only(graded([each for each in found if each.room == "people"], Grade.HINT))
    assert about == "luis (Luis Rojas)"
    assert "in Slack their time zone is America/Bogota, here Asia/Kathmandu" in said


def test_who_was_found_by_e_mail_before_is_asked_for_by_their_id(practice: Practice) -> None:
    with closing(Store(practice.settings.database_url)) as store, store.transaction() as work:
        work.save_slack_id("luis", "U0GONE")
    with practice.slack():
        about, said = only(practice.faults())
    assert (about, "U0GONE" in said) == ("luis (Luis Rojas)", True)


def test_no_database_yet_is_a_hint_and_no_folder_for_it_a_fault(practice: Practice, tmp_path: Path) -> None:
    practice.settings.database_url = f"sqlite:///{tmp_path}/none.db"
    with practice.slack():
        assert graded(practice.looks(), Grade.HINT)["database"].startswith("There is none yet; `bot run` makes it.")
        assert not (tmp_path / "none.db").exists()
        practice.settings.database_url = f"sqlite:///{tmp_path}/no/where.db"
        about, said = only(practice.faults())
    assert about == "database"
    assert "does not exist" in said


def test_a_database_of_a_newer_version_is_a_fault(practice: Practice) -> None:
    engine = create_engine(practice.settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with practice.slack():
        about, said = only(practice.faults())
    assert about == "database"
    assert "from a newer Baton" in said


def test_looking_leaves_the_database_as_it_was(practice: Practice) -> None:
    with practice.slack():
        assert is_well(practice.looks())
    with closing(Store(practice.settings.database_url)) as store, store.reading() as read:
        assert read.slack_ids() == {}


def test_messages_that_wait_for_long_are_a_fault(practice: Practice) -> None:
    with closing(Store(practice.settings.database_url)) as store, store.transaction() as work:
        work.enqueue(PublishHome(person="amina"), datetime.now(UTC) - timedelta(minutes=7))
    with practice.slack():
        about, said = only(practice.faults())
    assert about == "messages"
    assert said.startswith("1 wait to be sent, the oldest for 7 min: see that `bot run` is running")


@pytest.mark.parametrize(
    ("date", "grade", "word"),
    [
        ("Mon, 02 Mar 2026 12:00:29 GMT", Grade.WELL, "agrees"),
        ("Mon, 02 Mar 2026 11:59:31 GMT", Grade.WELL, "agrees"),
        ("Mon, 02 Mar 2026 12:01:00 GMT", Grade.FAULT, "is 58 s behind Slack's"),
        ("Mon, 02 Mar 2026 11:59:00 GMT", Grade.FAULT, "is 60 s ahead of Slack's"),
        ("", Grade.HINT, "did not say"),
        ("noon", Grade.HINT, "did not say"),
    ],
)
def test_the_clock_is_held_against_slacks(date: str, grade: Grade, word: str) -> None:
    found = clock_against(date, NOW, NOW + timedelta(seconds=2))
    assert found.grade is grade
    assert word in found.said


def test_people_who_are_well_are_told_in_one_line_and_to_machines_one_by_one() -> None:
    found = [Finding(Grade.WELL, "people", name, "Can be reached by Slack.") for name in ("amina", "luis")]
    found.append(Finding(Grade.FAULT, "people", "sita", "Cannot be reached by any way."))
    assert [str(line) for line in drawn(found)] == [
        "People",
        "  ✓ reached: 2 people can be, by every way that is configured.",
        "  ✗ sita: Cannot be reached by any way.",
    ]
    assert report(found)[2] == {
        "room": "people",
        "grade": "fault",
        "about": "sita",
        "said": "Cannot be reached by any way.",
    }
