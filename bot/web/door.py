"""The HTTP door: health, metrics, calendars, links in pages, SLA clocks, and Slack without Socket Mode."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.web.calendars import Calendars, UnknownCalendar
from bot.web.limit import Limit
from bot.web.links import Links, Shown

SlaOf = Callable[[int], Mapping[str, object] | None]  # the clocks of an incident, or None if there is none
AnswerSlack = Callable[[str, dict[str, str]], tuple[int, dict[str, str], str]]


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of readiness, with the reason why it holds or not."""

    name: str
    ok: bool
    why: str


def make_door(
    ready: Callable[[], list[Check]],
    registry: CollectorRegistry,
    answer_slack: AnswerSlack | None,
    calendars: Calendars | None = None,
    links: Links | None = None,
    sla: SlaOf | None = None,
) -> FastAPI:
    """The routes; `answer_slack` takes body and headers of a request at /slack/events (None: Socket Mode is used)."""
    door = FastAPI(title="Baton", docs_url=None, redoc_url=None, openapi_url=None)
    door.add_middleware(Limit)

    @door.get("/healthz")
    def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    @door.get("/readyz")
    def readyz() -> JSONResponse:
        checks = ready()
        body: Mapping[str, object] = {
            "ready": all(check.ok for check in checks),
            "checks": {check.name: {"ok": check.ok, "why": check.why} for check in checks},
        }
        return JSONResponse(body, status_code=200 if body["ready"] else 503)

    @door.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    _add_slack(door, answer_slack)
    if calendars is not None:
        _add_calendars(door, calendars)
    if links is not None:
        _add_links(door, links)
    if sla is not None:
        _add_sla(door, sla)
    return door


def _add_slack(door: FastAPI, answer_slack: AnswerSlack | None) -> None:
    @door.post("/slack/events")
    async def slack_events(request: Request) -> Response:
        if answer_slack is None:
            said = "Baton listens by Socket Mode; unset SLACK_APP_TOKEN to use HTTP.\n"
            return PlainTextResponse(said, status_code=404)
        body = (await request.body()).decode("utf-8", "replace")
        status, headers, text = await run_in_threadpool(answer_slack, body, dict(request.headers))
        return Response(text, status_code=status, headers=headers)


def _add_calendars(door: FastAPI, calendars: Calendars) -> None:
    @door.api_route("/calendars/{name}.ics", methods=["GET", "HEAD"])
    def of_schedule(name: str, request: Request) -> Response:
        return _calendar(calendars.schedule, name, request)

    @door.api_route("/calendars/people/{name}.ics", methods=["GET", "HEAD"])
    def of_person(name: str, request: Request) -> Response:
        return _calendar(calendars.person, name, request)


def _add_links(door: FastAPI, links: Links) -> None:
    @door.api_route("/ack/{token}", methods=["GET", "HEAD"])
    def look(token: str) -> Response:
        return _shown(links.look(token))

    @door.post("/ack/{token}")
    def acknowledge(token: str) -> Response:
        return _shown(links.acknowledge(token))


def _add_sla(door: FastAPI, sla: SlaOf) -> None:
    @door.get("/incidents/{number}/sla")
    def of_incident(number: str) -> Response:
        known = sla(int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
        if known is None:
            return PlainTextResponse(f"There is no incident {number}; write its number, like 42.\n", status_code=404)
        return JSONResponse(known)


def _shown(shown: Shown) -> Response:
    return HTMLResponse(shown.html, status_code=shown.status, headers=shown.headers)


def _calendar(drawn: Callable[[str], bytes], name: str, request: Request) -> Response:
    try:
        body = drawn(name)
    except UnknownCalendar as unknown:
        return PlainTextResponse(f"{unknown}\n", status_code=404)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}  # kept, but asked for again: shifts change hands
    if tag in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)
