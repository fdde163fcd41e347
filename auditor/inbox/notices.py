"""Who is told what: e-mails and a signed webhook, by way of the outbox. Counts and ids of contestants; never a donor."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from auditor.errors import AuditError, BadUsage
from auditor.inbox.settings import Mail, Settings, Webhook
from auditor.listing import listed
from auditor.masking import safe, shortened
from auditor.register import outbox
from auditor.register.arrivals import Arrival
from auditor.register.database import Connection
from auditor.register.home import Home
from auditor.register.outbox import Notice
from auditor.register.runs import Answer, Recorded
from auditor.wording import Words, refusal, system_error
from auditor.wording import load as words_of

EMAIL, WEBHOOK = "email", "webhook"
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), *[timedelta(days=1)] * 7)
"""How long after a failure it is tried again; after the last it is given up, and `audit inbox status` says so."""
SECONDS = 15
_LISTED = 20
_ANSWERS = (
    urllib.error.HTTPError,
    smtplib.SMTPResponseException,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPNotSupportedError,
    AuditError,
    ValueError,
)
"""Errors that a server which is there gives to one notice; with any other it is down."""
T = TypeVar("T")


class InOne(Protocol):
    """Does one thing in one transaction of the register."""

    def __call__(self, do: Callable[[Connection], T], /) -> T:
        """What came of it."""
        ...


def about_check(
    connection: Connection,
    settings: Settings,
    words: Words,
    answers: Sequence[Answer],
    filed: Mapping[str, int],
    recorded: Recorded,
    at: str,
) -> None:
    """Queue what is told after a check: a digest to the commission and to the webhook, and to each contestant what was received, once
    for the last file of each (`filed`). A check of the same file under another law sends no receipt."""
    told = sorted((answer.contestant_id, answer.made_from) for answer in answers)
    counts = {what: len(recorded.changes.get(what, ())) for what in ("new", "changed", "returned", "resolved")}
    # What was checked anew and changed nothing has been told; a change is news each time, for what was resolved may return.
    occasion = hashlib.sha256(json.dumps([told, recorded.run if any(counts.values()) else None]).encode()).hexdigest()
    contestants = listed([safe(answer.contestant_id) for answer in answers], _LISTED)
    text = words(
        "inbox.mail_checked",
        n=len(answers),
        count=words.count(len(answers)),
        ids=contestants,
        **{what: words.count(number) for what, number in counts.items()},
    )
    for address in settings.commission:
        subject = words("inbox.subject_checked", n=len(answers), count=words.count(len(answers)))
        outbox.queue(
            connection, occasion=f"checked {occasion} {address}", channel=EMAIL, recipient=address, subject=subject, body=text, at=at
        )
    if settings.webhook is not None:
        body = {"what": "checked", "at": at, "contestants": [safe(answer.contestant_id) for answer in answers], "findings": counts}
        url = settings.webhook.url
        outbox.queue(connection, occasion=f"checked {occasion}", channel=WEBHOOK, recipient=url, subject="checked", body=_json(body), at=at)
    for answer in answers:
        whose = settings.contestants.get(answer.contestant_id)
        if whose is not None:
            own = words_of(settings.languages.get(answer.contestant_id, words.lang))
            key = "inbox.mail_contestant_problems" if answer.problems else "inbox.mail_contestant"
            text = own(key, id=safe(answer.contestant_id), n=answer.problems, count=own.count(answer.problems))
            occasion_of = f"received {answer.contestant_id} {filed[answer.contestant_id]}"
            subject = own("inbox.subject_contestant")
            outbox.queue(connection, occasion=occasion_of, channel=EMAIL, recipient=whose, subject=subject, body=text, at=at)


def about_quarantine(connection: Connection, settings: Settings, words: Words, one: Arrival, at: str) -> None:
    """Queue that a file needs a person."""
    for address in settings.commission:
        text = words("inbox.mail_quarantined", number=one.id, name=shortened(safe(one.name), 120))
        occasion = f"quarantined {one.id} {at} {address}"
        subject = words("inbox.subject_quarantined")
        outbox.queue(connection, occasion=occasion, channel=EMAIL, recipient=address, subject=subject, body=text, at=at)
    if settings.webhook is not None:
        body = _json({"what": "quarantined", "at": at, "arrival": one.id})
        occasion, url = f"quarantined {one.id} {at}", settings.webhook.url
        outbox.queue(connection, occasion=occasion, channel=WEBHOOK, recipient=url, subject="quarantined", body=body, at=at)


def send(home: Home, settings: Settings, now: datetime, in_one: InOne) -> tuple[int, int]:
    """Send what is due; how many were sent, and how many were not. A server that is down stops nothing: it is asked once, and
    everything for it is tried again later.

    One that was sent while this program was killed may come twice; its Message-ID (or Idempotency-Key) is the same.
    """
    went = 0
    moment = now.astimezone(UTC)
    notices = in_one(partial(outbox.due, now=moment.isoformat(timespec="seconds")))
    down: dict[str, Exception] = {}
    for notice in notices:
        try:
            if notice.channel in down:
                raise down[notice.channel]
            _send_one(home.folder, settings, notice, moment)
        except (OSError, http.client.HTTPException, AuditError, ValueError) as error:  # smtplib's and urllib's errors are OSErrors
            if not isinstance(error, _ANSWERS):
                down[notice.channel] = error
            wait = WAITS[notice.attempts] if notice.attempts < len(WAITS) else None
            later = (moment + wait).isoformat(timespec="seconds") if wait is not None else None
            said = safe(f"{type(error).__name__}: {error}")
            in_one(partial(outbox.failed, number=notice.id, error=said, next_at=later))
            continue
        in_one(partial(outbox.sent, number=notice.id))
        went += 1
    return went, len(notices) - went


def _send_one(folder: Path, settings: Settings, notice: Notice, now: datetime) -> None:
    if notice.channel == WEBHOOK:
        if settings.webhook is None or settings.webhook.url != notice.recipient:
            raise BadUsage(refusal("usage.no_webhook"))
        post(settings.webhook, folder, notice, now)
        return
    if settings.mail is None:
        raise BadUsage(refusal("usage.no_mail_server"))
    _mail(settings.mail, folder, notice, now)


def message(mail: Mail, notice: Notice, now: datetime) -> EmailMessage:
    """The e-mail that a notice becomes."""
    made = EmailMessage()
    made["From"] = mail.sender
    made["To"] = notice.recipient
    made["Subject"] = notice.subject
    made["Date"] = format_datetime(now)
    # The same however often it is sent; not made from the occasion, which may tell the id of a person.
    made["Message-ID"] = f"<{notice.id}.{''.join(filter(str.isdigit, notice.made_at))}@{mail.sender.partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(notice.body)
    return made


def _mail(mail: Mail, folder: Path, notice: Notice, now: datetime) -> None:
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if mail.tls == "tls":
        server = smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
    try:
        if mail.tls == "starttls":
            server.starttls(context=context)
        if mail.user is not None:
            server.login(mail.user, _secret(folder, mail.password_file or "").decode())
        server.send_message(message(mail, notice, now))
        with suppress(smtplib.SMTPException, OSError):  # the mail is taken; how the server takes leave changes nothing of that
            server.quit()
    finally:
        server.close()


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over time, a point and the body, in hex: a receiver makes it again and refuses what is old."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def post(hook: Webhook, folder: Path, notice: Notice, now: datetime) -> None:
    """Send a notice to the webhook. Raises URLError for any answer but one of success; a redirection is not followed."""
    body, timestamp = notice.body.encode(), str(int(now.timestamp()))
    request = urllib.request.Request(hook.url, data=body, method="POST")  # noqa: S310  # the settings allow http and https only
    request.add_header("Content-Type", "application/json; charset=utf-8")
    request.add_header("Idempotency-Key", hashlib.sha256(notice.occasion.encode()).hexdigest()[:32])
    request.add_header("Audit-Timestamp", timestamp)
    request.add_header("Audit-Signature", f"sha256={signature(_secret(folder, hook.secret_file), timestamp, body)}")
    opener = urllib.request.build_opener(_NoRedirect(), urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=SECONDS) as answer:
        answer.read(1)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _secret(folder: Path, name: str) -> bytes:
    path = folder / name
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise BadUsage(refusal("usage.not_read", path=path, error=system_error(error))) from error


def _json(body: Mapping[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True)
