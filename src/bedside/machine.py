"""Which faults are the machine's (no room, no right, a broken disk), in whose words a library tells them."""

from __future__ import annotations

import errno
import os
import re
import sys
from typing import NamedTuple

from bedside.errors import DataError
from bedside.lang import tr

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_OF_SQLITE = {
    "SQLITE_FULL": errno.ENOSPC,
    "SQLITE_IOERR_SHMSIZE": errno.ENOSPC,
    "SQLITE_IOERR": errno.EIO,
    "SQLITE_READONLY": errno.EROFS,
    "SQLITE_CANTOPEN": errno.EACCES,
    "SQLITE_BUSY": errno.EBUSY,
}
"""The kinds of sqlite's errors that no statement of ours can cause."""
_SHORT_WRITE = re.compile(r"^\d+ requested and \d+ written$")
"""numpy's words for a file that took less than it was given."""
_OS_ERROR = re.compile(r"I/O error: .*\(os error (\d+)\)$")
"""safetensors' words for what the system said."""


class _Told(NamedTuple):
    """What the system says, and the file where it tells one."""

    number: int
    reason: str
    file: str | None = None


def machine_error(fault: Exception, where: str | None = None) -> DataError | None:
    """What is told of a fault of the machine, with the file it is in (`where`, if known); None for one of ours.

    >>> print(machine_error(OSError(errno.ENOSPC, "No space left on device", "out.jsonl")))
    cannot be read or written (No space left on device): out.jsonl. Next: make room, then the same command again
    >>> machine_error(ValueError("Mrs. Gray, 81")) is None
    True
    """
    told = _told(fault)
    if told is None:
        return None
    what = tr(f"cannot be read or written ({told.reason})", f"无法读写（{told.reason}）")
    room = tr("make room, then the same command again", "腾出空间，再运行同一命令")
    return DataError(what, value=told.file or where, next=room if told.number in NO_ROOM else None)


def machine_reason(fault: Exception) -> str | None:
    """The system's words alone, for an error that says the rest itself.

    >>> machine_reason(OSError(errno.ENOSPC, "No space left on device", "out.jsonl"))
    'No space left on device'
    """
    told = _told(fault)
    return told.reason if told else None


def _told(fault: Exception) -> _Told | None:
    if isinstance(fault, OSError):
        if fault.errno is not None:
            return _Told(fault.errno, str(fault.strerror), fault.filename)
        return _by_number(errno.ENOSPC) if _SHORT_WRITE.match(str(fault)) else None
    kind = _sqlite_kind(getattr(fault, "orig", fault))
    if number := _OF_SQLITE.get(kind) or _OF_SQLITE.get("_".join(kind.split("_")[:2])):
        return _by_number(number)
    if type(fault).__name__ == "SafetensorError" and (found := _OS_ERROR.search(str(fault))):
        return _by_number(int(found[1]))
    return None


def _by_number(number: int) -> _Told:
    return _Told(number, os.strerror(number))


def _sqlite_kind(fault: object) -> str:
    """sqlite's name of an error: SQLITE_IOERR_WRITE; "" for what is none."""
    sqlite3 = sys.modules.get("sqlite3")
    if sqlite3 is None or not isinstance(fault, sqlite3.Error):
        return ""
    return str(getattr(fault, "sqlite_errorname", ""))
