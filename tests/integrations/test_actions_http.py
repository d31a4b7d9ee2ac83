"""What came of an HTTP request: whatever the other system does, it ends, and it is a sentence without secrets."""

import base64
import logging
import socket
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from urllib.parse import quote

import pytest

from bot.core.requests import HttpRequest
from bot.integrations.actions_http import ask
from bot.integrations.actions_result import MOST, Result, Stopped
from tests.integrations.services import Answering, Service, service

TOKEN = "Bearer hunter2/tok3n+ü"
SECRET = TOKEN.removeprefix("Bearer ")


@pytest.fixture
def jobs() -> Iterator[Service]:
    with service() as opened:
        yield opened


def asked(
    url: str,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
    limit: float = 5,
    environ: Mapping[str, str] | None = None,
) -> Result:
    request = HttpRequest(method, url, headers or {}, body, timedelta(seconds=limit))
    return ask(request, environ or {}, threading.Event())


def test_a_request_is_sent_as_it_was_asked_for_and_its_answer_is_kept(jobs: Service) -> None:
    jobs.answers = lambda to: to.says('{"run": 7, "état": "ok"}'.encode(), status=201)
    body = '{"job": "churn ü"}'
    result = asked(jobs.url("/jobs?x=1"), "POST", {"Content-Type": "application/json"}, body)
    assert result == Result(True, '201 Created\n{"run": 7, "état": "ok"}')
    ((what, headers, sent),) = jobs.asked
    assert (what, sent.decode()) == ("POST /jobs?x=1", body)
    assert headers["Content-Type"] == "application/json"


def test_a_header_has_its_value_from_the_environment(jobs: Service) -> None:
    assert asked(jobs.url(), headers={"Authorization": "env:JOBS"}, environ={"JOBS": f"{TOKEN}\n"}).is_done
    assert jobs.asked[0][1]["Authorization"].encode("latin-1").decode() == TOKEN


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        ({}, "JOBS is not set, so the header Authorization has no value."),
        ({"JOBS": " \n"}, "JOBS is not set"),
        ({"JOBS": f"{SECRET}\r\nX-More: 1"}, "JOBS has a line break or another control character in it"),
    ],
)
def test_a_header_that_has_no_right_value_is_not_sent(environ: Mapping[str, str], why: str, jobs: Service) -> None:
    result = asked(jobs.url(), headers={"Authorization": "env:JOBS"}, environ=environ)
    assert not result.is_done
    assert result.words.startswith(why)
    assert SECRET not in result.words
    assert jobs.asked == []


@pytest.mark.parametrize(("status", "words"), [(404, "404 Not Found\nno such job"), (500, "500 Internal Server Error")])
def test_what_is_refused_has_failed(status: int, words: str, jobs: Service) -> None:
    jobs.answers = lambda to: to.says(b"no such job", status=status)
    result = asked(jobs.url())
    assert (result.is_done, result.words.startswith(words)) == (False, True)
    assert len(jobs.asked) == 1


def test_a_redirect_is_not_followed(jobs: Service) -> None:
    elsewhere = jobs.url("/elsewhere")
    jobs.answers = lambda to: to.says(b"", status=307, Location=elsewhere)
    result = asked(jobs.url())
    assert (result.is_done, len(jobs.asked)) == (False, 1)
    assert result.words.startswith(f"307 Temporary Redirect\nIt leads to {elsewhere}, and that is not followed")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (Answering.says_nothing, "did not answer within 0.3s."),
        (Answering.drips_headers, "did not answer within 0.3s."),
        (Answering.drips, "did not end its answer within 0.3s."),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_service_that_takes_too_long_is_left(answers: object, words: str, method: str, jobs: Service) -> None:
    jobs.answers = answers  # type: ignore[assignment]  # methods of what answers
    result = asked(jobs.url(), method, limit=0.3)
    assert not result.is_done
    assert words in result.words
    assert ("It may have been done all the same" in result.words) == (method == "POST")


def test_of_ten_megabytes_the_beginning_is_kept_and_the_rest_is_not_read(jobs: Service) -> None:
    jobs.answers = Answering.floods
    result = asked(jobs.url(), "GET")
    assert result.is_done
    assert result.words.startswith("200 OK\nrow\nrow\n")
    assert result.words.endswith("… cut, 10.0 MB in all")
    assert len(result.words) < MOST + 100


def test_what_is_no_text_is_told_and_not_shown(jobs: Service) -> None:
    jobs.answers = lambda to: to.says(bytes(range(256)) * 8)
    assert asked(jobs.url(), "GET").words == "200 OK\n(binary, 2,048 bytes)"
    jobs.answers = lambda to: to.says(b"\x1f\x8b" * 50, Content_Encoding="gzip")
    assert asked(jobs.url(), "GET").words == "200 OK\n(binary, 100 bytes: gzip)"


def test_control_characters_and_other_letters_are_told_plainly(jobs: Service) -> None:
    jobs.answers = lambda to: to.says(b"\x1b[31mred\x1b[0m\x07\r\nnext")
    assert asked(jobs.url(), "GET").words == "200 OK\nred\nnext"
    jobs.answers = lambda to: to.says("señal".encode("latin-1"), Content_Type="text/plain; charset=ISO-8859-1")
    assert asked(jobs.url(), "GET").words == "200 OK\nseñal"


@pytest.mark.parametrize(
    "shown",
    [
        TOKEN,
        SECRET.upper(),
        f"https://x.example.com/?t={quote(SECRET, safe='')}",
        f"token {SECRET}",
        base64.b64encode(TOKEN.encode()).decode(),
        base64.b64encode(f"ab:{SECRET}\n".encode()).decode(),
        '{"token": "hunter2/tok3n+\\u00fc"}',
        "hunter2/\x07tok3n+\x1b[1mü",
    ],
)
def test_a_secret_that_comes_back_is_hidden_whatever_it_looks_like(shown: str, jobs: Service) -> None:
    jobs.answers = lambda to: to.says(f"you said {shown} to us".encode(), status=403)
    result = asked(jobs.url(), headers={"Authorization": "env:JOBS"}, environ={"JOBS": TOKEN})
    assert "•••" in result.words
    assert "hunter2" not in result.words.lower()
    assert "aHVudGVy" not in result.words
    assert "h1bnRlcj" not in result.words
    assert "odW50ZXI" not in result.words


def test_no_half_of_a_secret_stands_where_an_answer_is_cut(jobs: Service) -> None:
    long = "x" * (64 * 1024 - 7) + SECRET + "y" * 1000
    for body in (long, "x" * (MOST - 7) + SECRET * 3, "z" * (MOST - 1407) + f"{SECRET * 999}"):
        jobs.answers = lambda to, body=body: to.says(body.encode())  # type: ignore[misc]
        words = asked(jobs.url(), headers={"X-Key": "env:JOBS"}, environ={"JOBS": SECRET}).words
        assert "hunter" not in words
        assert "tok3n" not in words


def test_a_redirect_gives_no_secret_away(jobs: Service) -> None:
    jobs.answers = lambda to: to.says(b"", status=302, Location=f"/login?token={'a' * 280}{quote(SECRET, safe='')}")
    result = asked(jobs.url(), headers={"X-Key": "env:JOBS"}, environ={"JOBS": SECRET})
    assert "hunter" not in result.words


def test_where_nobody_listens_a_sentence_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert asked(f"http://127.0.0.1:{port}/") == Result(False, f"127.0.0.1:{port} refused the connection.")


def test_a_name_that_is_none_a_sentence_says_so() -> None:
    assert asked("http://jobs.invalid/") == Result(False, "The name jobs.invalid cannot be resolved.")


def test_a_service_that_breaks_off_is_told(jobs: Service) -> None:
    def breaks_off(to: Answering) -> None:
        to.begins(**{"Content-Length": "100"})
        to.wfile.write(b"half")
        to.close_connection = True

    jobs.answers = breaks_off
    assert asked(jobs.url()).words.endswith("broke off in the middle of its answer.")

    jobs.answers = lambda to: to.wfile.write(b"SSH-2.0-OpenSSH\r\n") and None
    assert "did not answer as HTTP wants it" in asked(jobs.url()).words


def test_a_service_without_tls_is_told(jobs: Service) -> None:
    words = asked(jobs.url().replace("http:", "https:")).words
    assert "over TLS" in words or "broke the connection" in words


def test_when_the_bot_stops_it_is_broken_off(jobs: Service) -> None:
    jobs.answers = Answering.says_nothing
    stopping = threading.Event()
    request = HttpRequest("POST", jobs.url(), {}, None, timedelta(minutes=5))
    threading.Thread(target=lambda: jobs.heard.acquire(timeout=10) and stopping.set(), daemon=True).start()
    with pytest.raises(Stopped):
        ask(request, {}, stopping)


def test_nothing_of_it_is_logged(jobs: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    jobs.answers = lambda to: to.says(SECRET.encode(), X_Echo=SECRET.replace("ü", "u"))
    asked(jobs.url(), headers={"X-Key": "env:JOBS"}, body="b0dy-of-it", environ={"JOBS": SECRET})
    logging.getLogger("tests").info("the log works")
    assert "the log works" in caplog.text
    for words in ("hunter2", "b0dy", "X-Key"):
        assert words not in caplog.text
