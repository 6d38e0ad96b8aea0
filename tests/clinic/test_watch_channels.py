"""Messages of alerts arrive signed or by STARTTLS, at listed addresses only, and say nothing of a patient."""

from __future__ import annotations

import hmac
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bedside.clinic.watch.alerts import Alert
from bedside.clinic.watch.channels.mail import MailChannel
from bedside.clinic.watch.channels.opened import channels
from bedside.clinic.watch.channels.webhook import SIGNATURE, WebhookChannel
from bedside.clinic.watch.notices import Message
from bedside.clinic.watch.settings import Mail, WatchSettings, Webhook
from bedside.errors import ConfigError

SECRET = "a secret of the ward"
ALERT = Alert(
    id="a1",
    code="guard_failed",
    subject="rules",
    check="service",
    level="critical",
    detail={"times": 2},
    opened=1.0,
    seen=2.0,
    times=1,
)
MESSAGE = Message(alert=ALERT, address="https://bedside.lan/monitoring")


@contextmanager
def hook(status: int = 204) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A receiver of webhooks, and what it received."""
    received: list[tuple[dict[str, str], bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/alerts", received
        server.shutdown()


def test_a_webhook_is_signed_over_time_and_body_and_says_it_in_both_languages() -> None:
    with hook() as (url, received):
        WebhookChannel(url, SECRET.encode(), clock=lambda: 1_700_000_000.0).send(MESSAGE)
    ((headers, body),) = received
    mark = hmac.new(SECRET.encode(), b"1700000000." + body, "sha256").hexdigest()
    assert headers[SIGNATURE] == f"t=1700000000,v1={mark}"
    told = json.loads(body)
    assert told["said"]["en"] == "the guard rules could not be asked 2 times"
    assert "未能执行" in told["said"]["zh"]
    assert set(told) == {"id", "code", "level", "subject", "detail", "opened", "times", "said", "page"}


@pytest.mark.parametrize("status", [301, 307, 404, 500])
def test_whatever_is_no_yes_is_a_message_that_did_not_arrive_and_a_redirect_is_not_followed(status: int) -> None:
    with hook(status) as (url, received):
        with pytest.raises(OSError):  # noqa: PT011 - urllib's own kinds of it
            WebhookChannel(url, SECRET.encode()).send(MESSAGE)
        assert len(received) == 1


def test_a_receiver_that_is_not_there_is_an_error_that_is_tried_again() -> None:
    with hook() as (url, _):
        pass
    with pytest.raises(OSError):  # noqa: PT011
        WebhookChannel(url, SECRET.encode()).send(MESSAGE)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hospital's own certificate for this machine, and its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("mail") / "cert.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


class Postman(socketserver.StreamRequestHandler):
    """As much of a mail server as is needed: STARTTLS where it is offered, AUTH, one letter."""

    server: Any

    def handle(self) -> None:
        with suppress(ssl.SSLError):  # whoever does not trust the certificate hangs up
            self.speak()

    def speak(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            self.server.lines.append(line)
            verb = line.split(" ")[0].upper()
            if verb == "STARTTLS":
                self.say("220 go")
                self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                self.server.private = True
            elif verb == "EHLO":
                self.say(f"250-localhost\r\n250-AUTH PLAIN\r\n250 {'STARTTLS' if self.server.offers else 'HELP'}")
            elif verb == "AUTH":
                self.say("235 in")
            elif verb == "DATA":
                self.say("354 go on")
                while (text := self.rfile.readline()) != b".\r\n":
                    self.server.letter += text
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@contextmanager
def mail_server(certificate: Path, *, offers: bool = True) -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        told: Any = server
        told.daemon_threads, told.lines, told.letter, told.private, told.offers = True, [], b"", False, offers
        told.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        told.tls.load_cert_chain(certificate)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield told
        server.shutdown()


def channel(server: Any, ca_file: Path | None) -> MailChannel:
    port = server.server_address[1]
    return MailChannel("localhost", port, "bedside@lan", ("it@lan", "ward@lan"), "bedside", "pass", ca_file)


def test_a_letter_goes_by_starttls_in_both_languages(certificate: Path) -> None:
    with mail_server(certificate) as server:
        channel(server, certificate).send(MESSAGE)
    assert server.private
    before_tls = server.lines[: server.lines.index("STARTTLS")]
    assert not any("AUTH" in line or "MAIL" in line for line in before_tls)
    from email import message_from_bytes, policy

    letter = message_from_bytes(server.letter, policy=policy.default)
    assert (letter["To"], letter["Subject"]) == ("it@lan, ward@lan", "bedside: guard_failed rules")
    text = letter.get_body().get_content()  # type: ignore[union-attr]
    assert all(word in text for word in ("could not be asked 2 times", "未能执行", "https://bedside.lan/monitoring"))


def test_a_mail_server_without_starttls_or_with_a_strangers_certificate_gets_no_password_and_no_letter(
    certificate: Path,
) -> None:
    for offers, ca_file in ((False, certificate), (True, None)):
        with mail_server(certificate, offers=offers) as server:
            with pytest.raises(OSError):  # noqa: PT011
                channel(server, ca_file).send(MESSAGE)
            assert server.letter == b""
            assert not any("AUTH" in line for line in server.lines if not line.startswith("250"))


def test_only_listed_addresses_and_whole_secrets_make_a_channel(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    webhook = WatchSettings(webhook=Webhook(url="https://hook.lan/alerts", secret_file=secret))
    mail = WatchSettings(mail=Mail.model_validate({"server": "smtp.lan", "from": "b@lan", "to": ["it@lan"]}))
    assert set(channels(webhook, ["https://hook.lan"])) == {"webhook"}
    assert set(channels(mail, ["smtp.lan:587"])) == {"mail"}
    assert channels(WatchSettings(), []) == {}
    for settings, outbound in ((webhook, []), (webhook, ["https://other.lan"]), (mail, ["smtp.lan:25"]), (mail, [])):
        with pytest.raises(ConfigError, match="outbound"):
            channels(settings, outbound)
    secret.write_text("short")
    with pytest.raises(ConfigError, match="16 characters"):
        channels(webhook, ["https://hook.lan"])
    assert SECRET not in repr(WebhookChannel("https://hook.lan", SECRET.encode()))
