"""The HTTP door: health, readiness, metrics, and Slack's requests when Socket Mode is not used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

AnswerSlack = Callable[[str, dict[str, str]], tuple[int, dict[str, str], str]]


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of readiness, with the reason why it holds or not."""

    name: str
    ok: bool
    why: str


def make_door(
    ready: Callable[[], list[Check]], registry: CollectorRegistry, answer_slack: AnswerSlack | None
) -> FastAPI:
    """The routes; `answer_slack` takes body and headers of a request at /slack/events (None: Socket Mode is used)."""
    door = FastAPI(title="Baton", docs_url=None, redoc_url=None, openapi_url=None)

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

    @door.post("/slack/events")
    async def slack_events(request: Request) -> Response:
        if answer_slack is None:
            said = "Baton listens by Socket Mode; unset SLACK_APP_TOKEN to use HTTP.\n"
            return PlainTextResponse(said, status_code=404)
        body = (await request.body()).decode("utf-8", "replace")
        status, headers, text = await run_in_threadpool(answer_slack, body, dict(request.headers))
        return Response(text, status_code=status, headers=headers)

    return door
