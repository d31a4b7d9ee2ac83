"""What the environment may say of links and contacts, and the sentence for what it may not."""

from pathlib import Path

import pytest

from bot.settings import BadSettings, read_environment, read_settings

LONG = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder without a `.env`."""
    monkeypatch.chdir(tmp_path)


def test_links_are_wanted_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().baton_url is None
    monkeypatch.setenv("BATON_URL", "https://baton.example.com/")
    monkeypatch.setenv("BATON_LINK_SECRET", LONG)
    assert read_settings().baton_url == "https://baton.example.com"
    assert LONG not in repr(read_settings())


@pytest.mark.parametrize(
    ("url", "secret", "sentence"),
    [
        ("https://baton.example.com", "", "BATON_URL is set, but BATON_LINK_SECRET is not"),
        ("", LONG, "BATON_LINK_SECRET is set, but BATON_URL is not"),
        ("http://baton.example.com", LONG, "BATON_URL is not an https address such as"),
        ("baton.example.com", LONG, "BATON_URL is not an https address such as"),
        ("https://baton.example.com", LONG[:-1], "BATON_LINK_SECRET is too short: it needs 32 characters or more"),
    ],
)
def test_half_of_it_or_a_weak_one_is_refused_in_a_sentence(
    url: str, secret: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_URL", url)
    monkeypatch.setenv("BATON_LINK_SECRET", secret)
    with pytest.raises(BadSettings) as refused:
        read_settings()
    assert str(refused.value).startswith(sentence)
    assert not secret or secret not in str(refused.value)


def test_the_addresses_of_contacts_may_stand_in_the_file_and_the_process_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("AMINA_SMS=twilio://file\nLUIS_MAIL=mailto://file\nEMPTY=\n")
    monkeypatch.setenv("LUIS_MAIL", "mailto://process")
    found = read_environment()
    assert found["AMINA_SMS"] == "twilio://file"
    assert found["LUIS_MAIL"] == "mailto://process"
    assert "EMPTY" not in found
