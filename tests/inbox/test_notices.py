"""Who is told what: e-mails and the webhook against servers of this test, which are down, slow or refuse."""

import base64
import email
import email.policy
import hashlib
import hmac
import json
import smtplib
import socket
import ssl
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from inboxes import DONOR, IIN, NOW, people, report
from servers import hook_server, mail_server

from auditor.errors import BadUsage
from auditor.inbox import notices
from auditor.inbox.notices import WAITS, message
from auditor.inbox.outgoing import deliver
from auditor.inbox.settings import Mail
from auditor.masking import harmless
from auditor.register import outbox
from auditor.wording import load

DONORS_NAME = "Донор"
START = datetime.fromisoformat(NOW)
COMMISSION = "lang: en\nsettle_seconds: 0\ncommission: [commission@example.org]\n"


def later(wait: timedelta) -> str:
    return (START + wait).isoformat()


@pytest.fixture
def mail():
    with mail_server() as server:
        yield server


@pytest.fixture
def hook():
    with hook_server() as server:
        yield server


def says(register, mail=None, hook=None, lang="en", more=""):
    text = f"lang: {lang}\nsettle_seconds: 0\n{more}"
    if mail is not None:
        text += f"commission: [commission@example.org]\nmail: {{host: 127.0.0.1, port: {mail}, sender: audit@example.org}}\n"
    if hook is not None:
        (register.home.folder / "secret").write_bytes(b"a secret\n")
        text += f"webhook: {{url: 'http://127.0.0.1:{hook}/hook', secret_file: secret}}\n"
    register.says(text)


def read(raw: bytes):
    return email.message_from_bytes(raw, policy=email.policy.default)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_mails_hold_counts_and_ids_and_no_donor(lang, register, mail):
    other = "ru" if lang == "kk" else "kk"
    says(register, mail.server_address[1], lang=lang, more=f"contestants: {{SM-1: sm1@example.org}}\nlanguages: {{SM-1: {other}}}\n")
    register.put("a.csv", report(("8000000", DONOR), ("x", DONOR)))
    register.put(f"{IIN['SM-2']}.csv", b"")
    made = register.a_pass()
    assert (made.sent, made.unsent) == (3, 0)
    found = {(read(raw)["To"], read(raw)["Subject"]): read(raw) for raw in mail.mails}
    assert len(found) == 3
    whole = ""
    for (to, subject), one in found.items():
        text = one.get_content()
        whole += f"{subject}\n{text}"
        assert one["From"] == "audit@example.org"
        assert one["Auto-Submitted"] == "auto-generated"
        assert (one["Date"].datetime - START).total_seconds() == 0
        assert DONOR not in text + subject
        assert IIN["SM-2"] not in text + subject
        assert DONORS_NAME not in text
        assert "{" not in text + subject
        words = load(other if to == "sm1@example.org" else lang)
        assert subject in (
            words("inbox.subject_contestant"),
            words("inbox.subject_quarantined"),
            words("inbox.subject_checked", n=1, count="1"),
        )
    assert "SM-1" in whole
    register.a_pass()
    assert len(mail.mails) == 3  # once


def test_the_message_id_tells_the_occasion_and_not_the_time(register, mail):
    says(register, mail.server_address[1])
    register.put("a.csv", b"")
    register.a_pass()
    with register.home.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'pending'")  # as where the program was killed right after sending
    register.a_pass(later(timedelta(hours=1)))
    first, second = (read(raw)["Message-ID"] for raw in mail.mails)
    assert first == second
    assert first.endswith("@example.org>")


def test_no_notice_and_no_row_of_the_log_tells_the_id_of_a_contestant_who_has_a_persons(register, run, tmp_path):
    """Not as a hash either, which is tried in a moment."""
    cid = "850202400017"
    run("db", "tables", people(tmp_path, f"{cid},single_mandate,Жаңа,2023-02-14,registered,,"), "--now", NOW)
    says(register, free_port(), free_port(), more=f"contestants: {{'{cid}': c@example.org}}\n")
    register.put(f"Отчёт {cid}.csv", report(("8000000", DONOR), cid=cid))
    assert register.a_pass().checked == [cid]
    told = register.rows("SELECT subject, body FROM outbox") + register.rows("SELECT details FROM log WHERE what = 'arrived'")
    assert len(told) >= 3 and cid not in str(told)
    with register.home.engine.connect() as connection:
        for notice in outbox.pending(connection):
            number = message(Mail(host="x", sender="b@example.org"), notice, datetime.fromisoformat(NOW))["Message-ID"]
            assert str(notice.id) in number and hashlib.sha256(notice.occasion.encode()).hexdigest()[:32] not in number


def test_another_law_is_not_told_as_a_filing(register, mail):
    says(register, mail.server_address[1], more="contestants: {SM-1: sm1@example.org}\n")
    register.put("a.csv", report(("8000000", DONOR)))
    register.a_pass()
    says(register, mail.server_address[1], more="contestants: {SM-1: sm1@example.org}\nset: {donation_cap_individual: '5000000.00'}\n")
    assert register.a_pass().checked == ["SM-1"]
    told = [read(raw)["To"] for raw in mail.mails]
    assert (told.count("sm1@example.org"), told.count("commission@example.org")) == (1, 2)


def test_a_server_that_is_down_is_asked_again_and_told_once(register, run):
    port = free_port()
    says(register, port)
    register.put("a.csv", report(("8000000", DONOR)))
    made = register.a_pass()
    assert (made.done, made.sent, made.unsent) == (1, 0, 1)
    status, said, _ = run("inbox", "status")
    assert "to be sent 1, sent 0" in said
    assert "failed 1 times" in said
    assert "ConnectionRefusedError" in said
    with mail_server(port) as server:
        assert register.a_pass(later(WAITS[0] - timedelta(seconds=1))).sent == 0  # not yet
        assert register.a_pass(later(WAITS[0])).sent == 1
        assert register.a_pass(later(timedelta(days=9))).sent == 0
        assert len(server.mails) == 1
    assert "to be sent 0, sent 1, given up 0" in run("inbox", "status")[1]


def test_it_is_given_up_after_the_last_wait(register, run):
    says(register, free_port())
    register.put("a.csv", report(("8000000", DONOR)))
    register.a_pass()
    at = timedelta()
    for n, wait in enumerate(WAITS, 1):
        at += wait
        assert register.rows("SELECT state, attempts FROM outbox") == [("pending", n)]
        assert deliver(register.home, register.settings, START + at) == (0, 1)
    assert register.rows("SELECT state, attempts FROM outbox") == [("given_up", len(WAITS) + 1)]
    said = run("inbox", "status")[1]
    assert "to be sent 0, sent 0, given up 1" in said
    assert "ConnectionRefusedError" in said
    assert at > timedelta(days=7)


def test_a_server_that_is_down_is_asked_once_in_a_pass(register, monkeypatch):
    says(register, 25, more="contestants: {SM-1: sm1@example.org, SM-2: sm2@example.org}\n")
    asked = []

    def times_out(*_):
        asked.append(1)
        raise TimeoutError("timed out")

    monkeypatch.setattr(notices, "_mail", times_out)
    for cid in ("SM-1", "SM-2"):
        register.put(f"{cid}.csv", report(("8000000", DONOR), cid=cid))
    made = register.a_pass()
    assert (made.done, made.unsent, len(asked)) == (2, 3, 1)
    assert register.rows("SELECT DISTINCT attempts FROM outbox") == [(1,)]


def test_one_address_that_is_refused_keeps_no_other_from_its_mail(register, mail):
    mail.refuses = ("sm1@",)
    says(register, mail.server_address[1], more="contestants: {SM-1: sm1@example.org, SM-2: sm2@example.org}\n")
    for cid in ("SM-1", "SM-2"):
        register.put(f"{cid}.csv", report(("8000000", DONOR), cid=cid))
    made = register.a_pass()
    assert (made.sent, made.unsent) == (2, 1)
    assert register.rows("SELECT recipient FROM outbox WHERE state = 'pending'") == [("sm1@example.org",)]


def test_the_password_lies_in_a_file(register, mail, run):
    port = mail.server_address[1]
    register.says(
        f"lang: en\nsettle_seconds: 0\ncommission: [a@example.org]\n"
        f"mail: {{host: 127.0.0.1, port: {port}, sender: b@example.org, user: me, password_file: secrets/mail}}\n"
    )
    register.put("a.csv", b"")
    assert register.a_pass().unsent == 1
    assert "secrets/mail: it cannot be read" in run("inbox", "status")[1]
    (register.home.folder / "secrets").mkdir()
    (register.home.folder / "secrets" / "mail").write_text("pass word\n", encoding="utf-8")
    assert register.a_pass(later(WAITS[0])).sent == 1
    assert base64.b64decode(mail.logins[0]) == b"\0me\0pass word"
    assert "pass word" not in str(register.rows("SELECT * FROM outbox")) + str(register.rows("SELECT * FROM log"))


def test_the_webhook_is_signed(register, hook):
    says(register, hook=hook.server_address[1])
    register.put("a.csv", report(("8000000", DONOR)))
    register.put("b.csv", b"")
    assert register.a_pass().sent == 2
    bodies = []
    for path, headers, body in hook.posts:
        expected = hmac.new(b"a secret", headers["Audit-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
        assert headers["Audit-Signature"] == f"sha256={expected}"
        assert headers["Audit-Timestamp"] == str(int(START.timestamp()))
        assert (path, headers["Content-Type"]) == ("/hook", "application/json; charset=utf-8")
        assert DONOR not in body.decode()
        assert DONORS_NAME not in body.decode()
        bodies.append(json.loads(body))
    told = {body["what"]: body for body in bodies}
    assert told["checked"]["contestants"] == ["SM-1"]
    assert set(told["checked"]["findings"]) == {"new", "changed", "returned", "resolved"}
    assert told["quarantined"]["arrival"] == 2
    assert len({headers["Idempotency-Key"] for _, headers, _ in hook.posts}) == 2


@pytest.mark.parametrize("answer", ["500", "302", "307", "404", "nonsense", "slow"])
def test_any_answer_but_success_is_tried_again(answer, register, hook, monkeypatch):
    monkeypatch.setattr(notices, "SECONDS", 0.3)
    hook.answer = answer
    says(register, hook=hook.server_address[1])
    register.put("a.csv", b"")
    made = register.a_pass()
    assert (len(made.quarantined), made.sent, made.unsent) == (1, 0, 1)
    assert [path for path, _, _ in hook.posts] == ["/hook"]  # a redirection is not followed
    hook.answer = "200"
    monkeypatch.setattr(notices, "SECONDS", 15)
    assert register.a_pass(later(WAITS[0])).sent == 1
    keys = {headers["Idempotency-Key"] for _, headers, _ in hook.posts}
    assert (len(hook.posts), len(keys)) == (2, 1)


def test_a_dry_run_sends_nothing(register, mail, hook, run):
    says(register, free_port(), hook.server_address[1])
    hook.answer = "500"
    register.put("a.csv", report(("8000000", DONOR)))
    register.a_pass()
    hook.posts.clear()
    says(register, mail.server_address[1], hook.server_address[1])
    before = register.rows("SELECT * FROM outbox")
    status, said, _ = run("inbox", "notices", "--dry-run", "--now", later(timedelta(hours=1)))
    assert (status, mail.mails, hook.posts, register.rows("SELECT * FROM outbox")) == (0, [], [], before)
    assert "email → commission@example.org: Filings checked: 1 contestant" in said
    assert "    Filings of 1 contestant were checked: SM-1" in said
    assert f"webhook → http://127.0.0.1:{hook.server_address[1]}/hook" in said
    assert (DONOR in said, harmless(said.replace("\n", "")) == said.replace("\n", "")) == (False, True)
    hook.answer = "200"
    status, said, _ = run("inbox", "notices", "--now", later(timedelta(hours=1)))
    assert (status, said, len(mail.mails), len(hook.posts)) == (0, "notices: sent 2, to be tried again 0\n", 1, 1)
    assert run("inbox", "notices", "--dry-run")[1] == "No notice waits.\n"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("lang: en\ncommission: [nobody]\nmail: {host: a, sender: a@b.kz}\n", "line 2, column 14", "nobody"),
        ("lang: en\ncommission: ['a@b.kz, c@d.kz']\nmail: {host: a, sender: a@b.kz}\n", "line 2, column 14", "a@b.kz, c@d.kz"),
        ('lang: en\ncontestants:\n  SM-1: "a@b.kz\\nBcc: all@example.org"\nmail: {host: a, sender: a@b.kz}\n', "line 3, column 3", "Bcc"),
        ("lang: en\nmail:\n  host: a\n  sender: b\n", "line 4, column 3", "b"),
        ("lang: en\nmail: {host: a, sender: a@b.kz, port: 0}\n", "line 2, column 33", "at least 1 is expected"),
        ("lang: en\nwebhook: {url: 'file:///etc/passwd', secret_file: s}\n", "line 2, column 11", "file:///etc/passwd"),
        ("lang: de\n", "line 1, column 1", "de"),
        ("lang: en\nmail: {host: a, sender: a@b.kz, user: u}\n", "line 2, column 1", "go together"),
        ("lang: en\nmail: {host: a, sender: a@b.kz, user: u, password_file: p}\n", "line 2, column 1", "would be sent as it is"),
        ("lang: en\ncomission: [a@b.kz]\n", "line 2, column 1", "Did you mean 'commission'?"),
        ("lang: en\ncommission: [a@b.kz]\n", "line 1, column 1", "no mail server"),
        ("lang: [en\n", "line 2, column 1", ""),
    ],
)
def test_mistakes_of_the_settings_have_their_place(text, place, words, register, run):
    (register.home.folder / "register.yaml").write_text(text, encoding="utf-8")
    for command in (("run", "--no-pdf"), ("status",), ("notices", "--dry-run")):
        status, said, wrong = run("inbox", *command)
        assert (status, said) == (2, "")
        assert f"register.yaml, {place}: " in wrong
        assert words in wrong


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_the_certificate_of_the_mail_server_is_checked(tls, register, monkeypatch):
    contexts = []

    class Server:
        def __init__(self, *_, context=None, **__):
            contexts.append(context)

        def starttls(self, context=None):
            contexts.append(context)

        def send_message(self, _):
            pass

        def quit(self):
            raise smtplib.SMTPResponseException(421, b"busy")  # the mail was taken before

        def close(self):
            pass

    monkeypatch.setattr(notices.smtplib, "SMTP", Server)
    monkeypatch.setattr(notices.smtplib, "SMTP_SSL", Server)
    register.says(f"{COMMISSION}mail: {{host: mail.example.org, tls: {tls}, sender: b@example.org}}\n")
    register.put("a.csv", b"")
    assert register.a_pass().sent == 1
    assert contexts[-1] is not None
    assert (contexts[-1].verify_mode, contexts[-1].check_hostname) == (ssl.CERT_REQUIRED, True)


def test_what_a_server_answers_is_kept_without_ids_and_commands(register, monkeypatch):
    def fails(*_):
        raise OSError(f"\x1b[2J user {IIN['SM-2']}@example.org unknown")

    monkeypatch.setattr(notices, "_send_one", fails)
    register.says(f"{COMMISSION}mail: {{host: 127.0.0.1, sender: b@example.org}}\n")
    register.put("a.csv", b"")
    register.a_pass()
    ((error,),) = register.rows("SELECT last_error FROM outbox")
    assert "unknown" in error
    assert "\x1b" not in error and IIN["SM-2"] not in error


def test_an_id_of_a_contestant_that_is_a_persons_is_masked_in_mails(register, run, tmp_path):
    cid = "850202400017"
    run("db", "tables", people(tmp_path, f"{cid},single_mandate,Жаңа,2023-02-14,registered,,"), "--now", NOW)
    register.says(
        f"{COMMISSION}mail: {{host: 127.0.0.1, port: {free_port()}, sender: b@example.org}}\ncontestants: {{'{cid}': c@example.org}}\n"
    )
    register.put("a.csv", report(("8000000", DONOR), cid=cid))
    assert register.a_pass().checked == [cid]
    told = register.rows("SELECT subject, body FROM outbox")
    assert len(told) == 2
    assert cid not in str(told) and cid[-4:] in str(told)


def test_a_file_that_is_set_aside_again_is_told_again(register, run):
    register.says(f"{COMMISSION}mail: {{host: 127.0.0.1, port: {free_port()}, sender: b@example.org}}\n")
    register.put("a.csv", b"")
    register.a_pass()
    run("inbox", "retry", 1, "--by", "Clerk")
    register.a_pass("2023-03-26T12:00:00+06:00")
    assert register.rows("SELECT count(*) FROM outbox WHERE occasion LIKE 'quarantined %'") == [(2,)]


def test_a_notice_for_an_address_that_is_no_more_goes_nowhere_else(register, hook):
    says(register, hook=free_port())
    register.put("a.csv", report(("8000000", DONOR)))
    assert register.a_pass().unsent == 1
    says(register, hook=hook.server_address[1])
    made = register.a_pass(later(WAITS[0]))
    assert (made.sent, made.unsent, hook.posts) == (0, 1, [])


@pytest.mark.parametrize("by_proxy", [False, True])
def test_a_webhook_goes_to_its_address_and_nowhere_else(by_proxy, register, hook, monkeypatch):
    class Redirects(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{elsewhere.server_port}/")
            self.end_headers()

        def log_message(self, *_):
            pass

    class Answers(Redirects):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET

    seen = []
    elsewhere, there = HTTPServer(("127.0.0.1", 0), Answers), HTTPServer(("127.0.0.1", 0), Redirects)
    for one in (elsewhere, there):
        threading.Thread(target=one.serve_forever, daemon=True).start()
    try:
        if by_proxy:
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{elsewhere.server_port}")
        says(register, hook=hook.server_address[1] if by_proxy else there.server_port)
        register.put("a.csv", report(("8000000", DONOR)))
        made = register.a_pass()
        assert (made.sent, made.unsent, seen) == ((1, 0, []) if by_proxy else (0, 1, []))
    finally:
        for one in (elsewhere, there):
            one.shutdown()
            one.server_close()


def test_each_filing_is_told_to_its_contestant(register):
    register.says(
        f"{COMMISSION}mail: {{host: 127.0.0.1, port: {free_port()}, sender: b@example.org}}\ncontestants: {{SM-1: c@example.org}}\n"
    )
    for n in (1, 2):
        register.put(f"{n}.csv", report((f"800000{n}", DONOR)))
        register.a_pass()
        assert register.rows("SELECT count(*) FROM outbox WHERE recipient = 'c@example.org'") == [(n,)]


@pytest.mark.parametrize(
    "text",
    [
        "mail: {host: h, sender: a@b.c, tls: tls, password_file: p}\n",
        "mail: {host: h, sender: a@b.c, tls: tls, user: u}\n",
        "contestants: {SM-1: a@b.c}\n",
        "commission: [a@b.c]\n",
    ],
)
def test_half_of_the_settings_of_mail_is_refused(text, register):
    with pytest.raises(BadUsage):
        register.says(text)


def test_what_was_resolved_and_returns_is_told_each_time(register, mail):
    says(register, mail.server_address[1])
    register.put("a.csv", report(("8000000", DONOR)))
    register.a_pass()
    for n, what in enumerate(("resolved", "returned", "resolved", "returned"), 1):
        says(register, mail.server_address[1], more="" if what == "returned" else "set: {donation_cap_individual: '9000000'}\n")
        assert register.a_pass().changes[what] == 1
        assert len(mail.mails) == n + 1
