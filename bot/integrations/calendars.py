"""Fetches the calendars that layers follow: over https, or from a file beside the configuration.

An address is a secret as a whole, for many calendars have a token in the path: only its host is ever told or logged.
"""

import logging
from pathlib import Path
from time import monotonic

import httpx

from bot.policy.ical import BadCalendar, as_text

MOST = 5_000_000  # bytes; a year of shifts has some hundred thousand
_REDIRECTS = 5
_AGAIN = (408, 425, 429)  # besides all that begin with 5


class Unfetched(Exception):
    """The calendar could not be had; `why` is a sentence without secrets, `for_now` whether it may go well later."""

    def __init__(self, why: str, for_now: bool) -> None:
        super().__init__(why)
        self.why = why
        self.for_now = for_now


def fetch(address: str, config: Path, timeout: float = 10.0, transport: httpx.BaseTransport | None = None) -> str:
    """The text at an https address, or in a file of the folder `config`. Raises Unfetched.

    `timeout` is in seconds and for all of it; `transport` is how httpx reaches the network.
    """
    raw = _over_https(address, timeout, transport) if "://" in address else _from_file(address, config)
    try:
        return as_text(raw)
    except BadCalendar as bad:
        raise Unfetched(f"The calendar of {_host(address)} cannot be used: {bad}.", for_now=False) from None


def _from_file(address: str, config: Path) -> bytes:
    try:
        with (config / address).open("rb") as file:
            raw = file.read(MOST + 1)
    except FileNotFoundError:
        raise Unfetched(f"There is no file {address} in the folder of the configuration.", for_now=False) from None
    except OSError as fault:
        why = f"{address} cannot be read: {(fault.strerror or 'unknown').lower()}."
        raise Unfetched(why, for_now=True) from None
    return _in_measure(raw, address)


def _over_https(address: str, timeout: float, transport: httpx.BaseTransport | None) -> bytes:
    logging.getLogger("httpx").addFilter(_without_addresses)
    host = _host(address)
    late = Unfetched(f"{host} did not answer within {timeout:g} s.", for_now=True)
    until = monotonic() + timeout
    try:
        with httpx.Client(timeout=timeout, transport=transport, headers={"Accept": "text/calendar, */*"}) as client:
            for _ in range(_REDIRECTS + 1):
                with client.stream("GET", _checked(address, host)) as response:
                    if not response.has_redirect_location:
                        return _body(response, host, until, late)
                    address = str(response.url.join(response.headers["Location"]))
                if monotonic() > until:
                    raise late
    except httpx.TimeoutException:
        raise late from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError):
        raise Unfetched(f"The address of a calendar at {host} is not a right one.", for_now=False) from None
    except httpx.HTTPError as fault:
        raise Unfetched(f"{host} cannot be reached ({type(fault).__name__}).", for_now=True) from None
    raise Unfetched(f"{host} sends one from address to address without end.", for_now=False)


def _body(response: httpx.Response, host: str, until: float, late: Unfetched) -> bytes:
    status = response.status_code
    if status != 200:
        later = status in _AGAIN or status >= 500
        hint = "" if later else "; see whether its address is still the right one"
        raise Unfetched(f"{host} answered {status} {response.reason_phrase}".rstrip() + f"{hint}.", for_now=later)
    raw = bytearray()
    for piece in response.iter_bytes():
        raw += piece
        if len(raw) > MOST:
            break
        if monotonic() > until:
            raise late
    return _in_measure(bytes(raw), host)


def _checked(address: str, host: str) -> httpx.URL:
    url = httpx.URL(address)
    if url.scheme != "https":
        raise Unfetched(f"{host} leads to an address without https, which is not asked.", for_now=False)
    return url


def _in_measure(raw: bytes, whose: str) -> bytes:
    if len(raw) > MOST:
        why = f"The calendar of {whose} is larger than {MOST // 1_000_000} MB; export a shorter span."
        raise Unfetched(why, for_now=False)
    return raw


def _host(address: str) -> str:
    if "://" not in address:
        return address
    try:
        return httpx.URL(address).host or "an unknown host"
    except (httpx.InvalidURL, ValueError):
        return "an unknown host"


def _without_addresses(record: logging.LogRecord) -> bool:
    """httpx tells every address that it asks."""
    return record.levelno >= logging.WARNING
