"""A mail server and a receiver of webhooks that keep what they are sent; each can be told to refuse, to send elsewhere, or to be slow."""

import http.server
import socketserver
import threading
import time
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    refuses: tuple[str, ...] = ()
    mails: list[bytes]
    logins: list[str]


class _Mail(socketserver.StreamRequestHandler):
    def handle(self):
        server: MailServer = self.server
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "EHLO":
                self.say("250-test\r\n250 AUTH PLAIN")
            elif word == "AUTH":
                server.logins.append(line.split(" ")[-1])
                self.say("235 good")
            elif word == "RCPT" and any(address in line for address in server.refuses):
                self.say("550 nobody here")
            elif word == "DATA":
                self.say("354 go on")
                mail = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    mail += part
                server.mails.append(mail)
                self.say("250 good")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 good")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class HookServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    answer: str = "200"
    posts: list


class _Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        server: HookServer = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.posts.append((self.path, dict(self.headers), body))
        if server.answer == "nonsense":
            self.wfile.write(b"no http at all\r\n\r\n")
            return
        if server.answer == "slow":
            time.sleep(2)
        self.send_response(200 if server.answer == "slow" else int(server.answer))
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_):
        pass


@contextmanager
def _running(server):
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def mail_server(port=0):
    server = MailServer(("127.0.0.1", port), _Mail)
    server.mails, server.logins = [], []
    with _running(server):
        yield server


@contextmanager
def hook_server():
    server = HookServer(("127.0.0.1", 0), _Hook)
    server.posts = []
    with _running(server):
        yield server
