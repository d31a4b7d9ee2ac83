"""Fetching calendars: over https within limits, and never a word about the address but its host."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import httpx
import pytest

from bot.integrations.calendars import MOST, Unfetched, fetch

ADDRESS = "https://calendar.example.com/private/s3cr3t-path/basic.ics?token=s3cr3t-query"
NOWHERE = Path("nowhere")
Answer = Callable[[httpx.Request], httpx.Response]


def got(answer: Answer, address: str = ADDRESS, timeout: float = 10.0) -> str:
    return fetch(address, NOWHERE, timeout, httpx.MockTransport(answer))


def refusal(answer: Answer, address: str = ADDRESS, timeout: float = 10.0) -> Unfetched:
    with pytest.raises(Unfetched) as caught:
        got(answer, address, timeout)
    assert "s3cr3t" not in str(caught.value)
    return caught.value


def always(status: int, body: bytes = b"", **headers: str) -> Answer:
    return lambda request: httpx.Response(status, content=body, headers=headers)


def failing(fault: type[httpx.TransportError]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise fault(f"could not get {request.url}", request=request)

    return answer


def test_the_text_at_an_address_is_fetched() -> None:
    assert got(always(200, "\ufeffBEGIN:VCALENDAR ñ".encode())) == "BEGIN:VCALENDAR ñ"


def test_a_redirect_to_https_is_followed() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/there":
            return httpx.Response(200, text="found")
        return httpx.Response(302, headers={"Location": "/there"})

    assert got(answer) == "found"


def test_a_redirect_away_from_https_is_not_followed() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.scheme)
        return httpx.Response(301, headers={"Location": "http://calendar.example.com/s3cr3t"})

    refused = refusal(answer)
    assert refused.why == "calendar.example.com leads to an address without https, which is not asked."
    assert not refused.for_now
    assert asked == ["https"]


def test_an_address_without_https_is_never_asked() -> None:
    assert "without https" in refusal(always(200, b"x"), "http://example.com/s3cr3t").why


def test_redirects_without_end_are_given_up() -> None:
    assert "without end" in refusal(always(302, Location="https://calendar.example.com/s3cr3t")).why


@pytest.mark.parametrize(
    ("status", "for_now"),
    [(401, False), (403, False), (404, False), (410, False), (204, False), (429, True), (503, True)],
)
def test_an_answer_that_is_no_calendar_says_whether_it_may_go_well_later(status: int, for_now: bool) -> None:
    refused = refusal(always(status, b"s3cr3t"))
    assert refused.for_now is for_now
    assert f"calendar.example.com answered {status}" in refused.why


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError])
def test_a_network_that_fails_may_go_well_later(fault: type[httpx.TransportError]) -> None:
    refused = refusal(failing(fault))
    assert (refused.why, refused.for_now) == (f"calendar.example.com cannot be reached ({fault.__name__}).", True)


def test_a_host_that_does_not_answer_in_time_may_go_well_later() -> None:
    refused = refusal(failing(httpx.ReadTimeout))
    assert (refused.why, refused.for_now) == ("calendar.example.com did not answer within 10 s.", True)


def test_an_answer_that_comes_in_drops_is_given_up_in_time() -> None:
    def drops() -> Iterator[bytes]:
        while True:
            Event().wait(0.01)
            yield b"."

    assert "within 0.05 s" in refusal(lambda request: httpx.Response(200, content=drops()), timeout=0.05).why


def test_an_answer_without_measure_is_given_up() -> None:
    asked = iter(range(MOST))

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=(b"x" * 1_000_000 for _ in asked))

    refused = refusal(answer)
    assert refused.why == "The calendar of calendar.example.com is larger than 5 MB; export a shorter span."
    assert next(asked) < 10


def test_what_is_not_text_is_said_so() -> None:
    assert refusal(always(200, b"\xff\xfe")).why == (
        "The calendar of calendar.example.com cannot be used: it is not UTF-8 text."
    )


@pytest.mark.parametrize("address", ["https:///s3cr3t", "https://example.com/\0s3cr3t", "https://example.com:x/s3cr3t"])
def test_an_address_that_is_none_is_said_so(address: str) -> None:
    assert not refusal(always(200, b"x"), address).for_now


def test_nothing_of_an_address_but_its_host_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        got(always(200, b"x"))
        refusal(failing(httpx.ConnectError))
    assert "s3cr3t" not in caplog.text


def test_a_path_is_read_in_the_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "vendor.ics").write_text("BEGIN:VCALENDAR")
    assert fetch("vendor.ics", tmp_path) == "BEGIN:VCALENDAR"


def test_a_file_that_is_not_there_or_too_large_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "large.ics").write_bytes(b"x" * (MOST + 1))
    with pytest.raises(Unfetched, match=r"There is no file vendor\.ics"):
        fetch("vendor.ics", tmp_path)
    with pytest.raises(Unfetched, match=r"large\.ics is larger than 5 MB"):
        fetch("large.ics", tmp_path)
    with pytest.raises(Unfetched, match="cannot be read"):
        fetch("", tmp_path)
