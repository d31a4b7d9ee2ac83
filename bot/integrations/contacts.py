"""Other ways than Slack to reach people: e-mail, SMS, telephone, push, webhooks, all by Apprise.

The address of a contact is a secret as a whole: it comes from the environment, and no more of it than its scheme is
ever told or logged.
"""

import logging
import re
import threading
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from bot.core.effects import SendContact
from bot.core.events import ContactTried
from bot.core.incident import Incident, Page
from bot.engine.deliver import Answer, GiveUp, Sent, TryAgain
from bot.engine.engine import Engine
from bot.integrations.page_in_words import Words, in_words
from bot.policy.model import Contact
from bot.store.outbox import Parcel

Link = Callable[[Incident, Page], str | None]

ANSWER_WITHIN = 15.0  # seconds for one attempt
MOST_ATTEMPTS = 6  # with the pauses between them at most two minutes
MOST_AT_ONCE = 12  # of the urgent workers, so that Slack's pages always find a free one
FEW_CHARACTERS = 1000  # what takes fewer is an SMS or the like, and gets the essence alone
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,20})://", re.IGNORECASE)
_TALKATIVE = ("apprise", "charset_normalizer", "oauthlib", "requests", "requests_oauthlib", "urllib3")
_NEVER = logging.CRITICAL + 10
_importing = threading.Lock()


class Contacts:
    """`link` makes the address by which a page is acknowledged without Slack; None: there is none."""

    def __init__(self, engine: Engine, environ: Mapping[str, str], link: Link) -> None:
        self._engine = engine
        self._environ = environ
        self._link = link
        self._free = threading.Semaphore(MOST_AT_ONCE)

    def carry(self, parcel: Parcel) -> Answer:
        effect = parcel.effect
        assert isinstance(effect, SendContact)
        with self._engine.store.reading() as read:
            incident = read.incident(effect.number)
        page = incident.page(effect.page) if incident else None
        if incident is None or page is None:
            return GiveUp("the page is not in the database")
        if not page.is_open:
            return Sent()  # somebody has it: nobody need be woken
        person = self._engine.policy.people.get(page.person)
        contact = next((each for each in person.contact if each.name == effect.contact), None) if person else None
        if contact is None:
            return GiveUp("the configuration has no such contact any more")
        why = unusable(contact, self._environ)
        if why is not None:
            return GiveUp(why)
        if not self._free.acquire(blocking=False):
            return TryAgain("too many are being sent at once")
        try:
            words = in_words(incident, page, self._engine.policy, self._link(incident, page))
            problem = _send(self._environ[contact.env], words)
        finally:
            self._free.release()
        if problem is None:
            return Sent(ContactTried(number=effect.number, page=effect.page, contact=effect.contact))
        return GiveUp(problem) if parcel.attempt >= MOST_ATTEMPTS else TryAgain(problem)


def unusable(contact: Contact, environ: Mapping[str, str]) -> str | None:
    """Why nothing can be sent by this contact, as a sentence without its address; None if something can."""
    address = environ.get(contact.env, "").strip()
    if not address:
        return f"{contact.env} is not set; give the bot an Apprise URL in it, such as mailto://… or twilio://…"
    if _service(address) is None:
        scheme = _scheme(address)
        found = f"It begins with {scheme}, but the rest is not as Apprise wants it" if scheme else "It has no scheme"
        return f"{contact.env} holds no address that Apprise understands. {found}"
    return None


def _send(address: str, words: Words) -> str | None:
    """Why it could not be sent, or None. A thread of its own, for not every library keeps to a time-out."""
    outcome: list[str | None] = []
    sending = threading.Thread(target=lambda: outcome.append(_sent(address, words)), name="contact", daemon=True)
    sending.start()
    sending.join(ANSWER_WITHIN)
    scheme = _scheme(address)
    if not outcome:
        return f"{scheme} did not answer within {ANSWER_WITHIN:g} s"
    return outcome[0] and f"{scheme} {outcome[0]}"


def _sent(address: str, words: Words) -> str | None:
    apprise = _apprise()
    try:
        service = _service(address)
        if service is None:
            return "is not understood"
        asked = apprise.Apprise(asset=service.asset)
        asked.add(service)
        is_short = service.body_maxlen < FEW_CHARACTERS
        title, body = ("", words.short) if is_short else (words.title, words.text)
        taken = asked.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
    except Exception as fault:  # whatever a service raises may have its address in it, and must not be logged
        return f"failed ({type(fault).__name__})"
    return None if taken else "did not take it"


def _service(address: str) -> Any:
    """What Apprise makes of an address; None: nothing."""
    apprise = _apprise()
    # Without a time-out of its own Apprise sends in this very thread, not in its few for everybody.
    asset = apprise.AppriseAsset(app_id="Baton", app_desc="Baton", app_url="", async_mode=False, service_timeout=0)
    try:
        return apprise.Apprise.instantiate(address.strip(), asset=asset, suppress_exceptions=True)
    except Exception:  # its parsers raise whatever they stumble over
        return None


def _apprise() -> Any:
    with _importing:
        return _imported()


@cache
def _imported() -> Any:
    """Late, for it knows more than a hundred services, and silenced before its first word, for it logs addresses."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(_NEVER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of its services want what Python will lack one day
        import apprise

        apprise.Apprise.instantiate("json://localhost")  # makes it import its services
    return apprise


def _scheme(address: str) -> str:
    found = _SCHEME.match(address.strip())
    return f"{found[1].lower()}://" if found else ""
