"""One message into the store, and its acknowledgement: AA kept, AE try again, AR never.

Source: HL7 v2.5.1 chapter 2, original mode; table 0008.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from bedside.errors import BedsideError, log_fault
from bedside.formats.hl7v2 import UNDOES, read_message
from bedside.lang import tr
from bedside.types import RawChart

log = logging.getLogger("bedside.server")
TAKEN = ("ORU", "MDM", "ADT")
"""Kinds of message that become entries of charts here."""
UNNAMED = "(mllp)"
Keep = Callable[[RawChart], None]
"""Keeps a chart and writes its audit line; raises where it cannot."""
_SAFE = re.compile(r"[^A-Za-z0-9_.+/ -]")


def answer_to(message: bytes, keep: Keep) -> bytes:
    """The acknowledgement of a message, after what it says is kept, or why it is not."""
    head = _head(message)
    if head is None:
        return _ack({}, "AR", tr("not an HL7 v2 message", "不是 HL7 v2 消息"))
    if head["kind"] not in TAKEN:
        return _ack(head, "AR", tr("this kind of message is not taken", "不接收该类消息"))
    if head["event"].upper() in UNDOES:
        return _ack(head, "AR", tr("cancelling and merging are not carried out here", "此处不执行撤销或合并"))
    try:
        charts = [one for one in read_message(message, UNNAMED) if isinstance(one, RawChart)]
        if not charts or any(one.patient.startswith(UNNAMED) or not one.patient.strip() for one in charts):
            return _ack(head, "AR", tr("no patient is named", "未指明患者"))
        for chart in charts:
            keep(chart)
    except (BedsideError, OSError) as fault:  # nothing kept is nothing acknowledged: the sender sends it again
        return _ack(head, "AE", tr("not kept; send it again", "未保存，请重发") + f" ({log_fault(log, fault)})")
    except Exception as fault:
        return _ack(head, "AR", tr("cannot be read", "无法读取") + f" ({log_fault(log, fault)})")
    return _ack(head, "AA", "")


def _head(message: bytes) -> dict[str, str] | None:
    """What of a message's header the acknowledgement repeats."""
    text = message.lstrip(b"\xef\xbb\xbf\r\n ").split(b"\r", 1)[0].split(b"\n", 1)[0].decode("ascii", "replace")
    if not text.startswith("MSH") or len(text) < 9:
        return None
    fields = text.split(text[3])
    fields += [""] * (12 - len(fields))
    kind, _, event = fields[8].partition(text[4])
    told = {"application": fields[2], "facility": fields[3], "kind": kind.upper(), "event": event.split(text[4])[0]}
    told |= {"id": fields[9], "mode": fields[10] or "P", "version": fields[11] or "2.5.1"}
    return {name: _SAFE.sub("", value)[:199] for name, value in told.items()}


def _ack(head: dict[str, str], code: str, why: str) -> bytes:
    time = datetime.now(UTC).strftime("%Y%m%d%H%M%S+0000")
    event = f"ACK^{head['event']}^ACK" if head.get("event") else "ACK"
    msh = ["MSH", "^~\\&", "bedside", "", head.get("application", ""), head.get("facility", ""), time, "", event]
    msh += [secrets.token_hex(8), head.get("mode", "P"), head.get("version", "2.5.1"), *[""] * 5, "UNICODE UTF-8"]
    said = re.sub(r"[|^~\\&\r\n]", " ", why)
    return "\r".join(("|".join(msh), f"MSA|{code}|{head.get('id', '')}|{said}", "")).encode()
