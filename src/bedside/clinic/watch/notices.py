"""The messages of alerts on their way: kept until they went, tried again ever later, given up in the end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Row, select, update

from bedside.clinic._database import Database
from bedside.clinic.watch._tables import alerts, notices
from bedside.clinic.watch.alerts import Alert, alert_of
from bedside.clinic.watch.words import said
from bedside.errors import BedsideError, log_fault
from bedside.lang import Lang, disclaimer, speaking, tr

log = logging.getLogger("bedside.watch")
FIRST_WAIT_S = 30.0
LONGEST_WAIT_S = 3600.0
ATTEMPTS = 12
"""Over about six hours."""
AT_ONCE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What goes out of an alert: codes, numbers, and a sentence in each language; no patient and no text."""

    alert: Alert
    address: str = ""
    """Where the monitoring page is, for people."""

    def sentence(self, lang: Lang) -> str:
        """The alert as a sentence."""
        with speaking(lang):
            return said(self.alert.code, self.alert.subject, self.alert.detail)

    def to_dict(self) -> dict[str, Any]:
        """As a program reads it."""
        one = self.alert
        return {
            "id": one.id,
            "code": one.code,
            "level": one.level,
            "subject": one.subject,
            "detail": dict(one.detail),
            "opened": one.opened,
            "times": one.times,
            "said": {"en": self.sentence("en"), "zh": self.sentence("zh")},
            "page": self.address,
        }

    def letter(self) -> tuple[str, str]:
        """Subject and text, in both languages."""
        parts = []
        for lang in ("en", "zh"):
            with speaking(lang):
                level = {"critical": tr("critical", "严重"), "warning": tr("warning", "警告")}[self.alert.level]
                see = tr(f"See {self.address}", f"详见 {self.address}") if self.address else ""
                parts += [f"[{level}] {self.sentence(lang)}", *([see] if see else []), disclaimer(), ""]
        return f"bedside: {self.alert.code} {self.alert.subject}".strip(), "\n".join(parts)


class Channel(Protocol):
    """Takes a message out; raises OSError or BedsideError where it did not arrive."""

    def send(self, message: Message) -> None: ...


@dataclass(frozen=True)
class Notices:
    """The messages in a database; `told` is told of each attempt (channel, sent, failed or given_up)."""

    database: Database
    channels: Mapping[str, Channel]
    address: str = ""
    told: Callable[[str, str], None] = field(default=lambda channel, outcome: None)

    def send_due(self, now: float) -> int:
        """Send what is due; how many went. One that fails waits twice as long as before, an hour at most."""
        return sum(self._tried(notice, alert, now) for notice, alert in self._due(now))

    def waiting(self) -> int:
        """How many are still to go."""
        with self.database.read() as db:
            left = notices.c.sent.is_(None), notices.c.given_up.is_(False)
            return len(db.execute(select(notices.c.id).where(*left)).all())

    def _due(self, now: float) -> list[tuple[Row[Any], Alert]]:
        left = notices.c.sent.is_(None), notices.c.given_up.is_(False)
        soon = (notices.c.next_try <= now) | (notices.c.next_try > now + LONGEST_WAIT_S)  # a clock that was put back
        asked = select(notices).where(*left, soon).order_by(notices.c.id).limit(AT_ONCE)
        with self.database.read() as db:
            rows = db.execute(asked).all()
            found = db.execute(select(alerts).where(alerts.c.id.in_([row.alert_id for row in rows])))
            by_id = {row.id: alert_of(row) for row in found}
        return [(row, by_id[row.alert_id]) for row in rows]

    def _tried(self, row: Row[Any], alert: Alert, now: float) -> bool:
        channel = self.channels.get(row.channel)
        if channel is None:  # it was taken out of the settings
            self._put_down(row, given_up=True)
            return False
        try:
            channel.send(Message(alert=alert, address=self.address))
        except (OSError, BedsideError) as fault:
            log_fault(log, fault)
            tries = row.attempts + 1
            wait = min(FIRST_WAIT_S * 2**row.attempts, LONGEST_WAIT_S)
            self._put_down(row, attempts=tries, next_try=now + wait, given_up=tries >= ATTEMPTS)
            self.told(row.channel, "given_up" if tries >= ATTEMPTS else "failed")
            return False
        self._put_down(row, attempts=row.attempts + 1, sent=now)
        self.told(row.channel, "sent")
        return True

    def _put_down(self, row: Row[Any], **values: Any) -> None:
        with self.database.write() as db:
            db.execute(update(notices).where(notices.c.id == row.id).values(**values))
