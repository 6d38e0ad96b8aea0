"""Alerts by webhook: JSON, posted, signed so that the receiver knows whose it is and that it is not an old one.

X-Bedside-Signature: t=SECONDS,v1=HEX        HEX = HMAC-SHA-256(secret, "SECONDS." + body)
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.request import Request

from bedside.calling import caller
from bedside.clinic.watch.notices import Message

SIGNATURE = "X-Bedside-Signature"
TIMEOUT_S = 10.0


@dataclass(frozen=True)
class WebhookChannel:
    """Posts to one address; nothing but an answer of 2xx is a message that arrived. A redirect is not followed."""

    url: str
    secret: bytes = field(repr=False)
    clock: Callable[[], float] = time.time

    def send(self, message: Message) -> None:
        """Post it; raises OSError where it did not arrive."""
        body = json.dumps(message.to_dict(), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            SIGNATURE: signature(self.secret, body, int(self.clock())),
            "Idempotency-Key": f"{message.alert.id}-{message.alert.times}",
        }
        request = Request(self.url, body, headers, method="POST")
        try:
            with caller().open(request, timeout=TIMEOUT_S) as answer:
                answer.read(1024)
        except HTTPException as fault:  # an answer that is none
            raise OSError(type(fault).__name__) from None


def signature(secret: bytes, body: bytes, seconds: int) -> str:
    """What stands in the header.

    >>> signature(b"secret", b"{}", 1700000000)[:24]
    't=1700000000,v1=b8569b78'
    """
    mark = hmac.digest(secret, b"%d." % seconds + body, "sha256").hex()
    return f"t={seconds},v1={mark}"
