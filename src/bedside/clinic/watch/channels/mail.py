"""Alerts by e-mail: plain text in both languages, by STARTTLS; a server that does not offer it gets nothing."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from bedside.clinic.watch.notices import Message

TIMEOUT_S = 20.0


@dataclass(frozen=True)
class MailChannel:
    """Hands letters to one mail server."""

    server: str
    port: int
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None

    def send(self, message: Message) -> None:
        """Hand it over; raises OSError (smtplib's errors are such) where the server did not take it for everybody."""
        with smtplib.SMTP(self.server, self.port, timeout=TIMEOUT_S) as smtp:
            smtp.starttls(context=ssl.create_default_context(cafile=self.ca_file))
            if self.user:
                smtp.login(self.user, self.password)
            refused = smtp.send_message(self.letter(message))
        if refused:
            raise OSError(f"{len(refused)} refused")

    def letter(self, message: Message) -> EmailMessage:
        """The letter as it is sent."""
        letter = EmailMessage()
        letter["Subject"], text = message.letter()
        letter["From"], letter["To"] = self.sender, ", ".join(self.to)
        letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain="bedside.invalid")
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        return letter
