"""A fault that no command foresaw, as an error to read: the machine's (no space, no right) or our own, exit code 1."""

from __future__ import annotations

from bedside.errors import BedsideError, DataError, OwnFault, where_raised
from bedside.lang import tr
from bedside.machine import machine_error


def unforeseen(fault: Exception) -> BedsideError:
    """What is told of any other exception; of an own fault only its kind and place, for its message could quote a text.

    >>> import errno
    >>> print(unforeseen(OSError(errno.ENOSPC, "No space left on device", "out.jsonl")))
    cannot be read or written (No space left on device): out.jsonl. Next: make room, then the same command again
    >>> print(unforeseen(ValueError("Mrs. Gray, 81")))
    bedside itself failed: ValueError at unknown. Next: report this line; BEDSIDE_TRACEBACK=1 shows more, ...
    """
    if isinstance(fault, MemoryError):
        return DataError(
            tr("not enough memory", "内存不足"), next=tr("smaller files, or --jobs 1", "缩小文件或 --jobs 1")
        )
    if told := machine_error(fault):
        return told
    return OwnFault(
        tr("bedside itself failed", "bedside 自身出错"),
        value=f"{type(fault).__name__} at {where_raised(fault)}",
        next=tr(
            "report this line; BEDSIDE_TRACEBACK=1 shows more, patients' texts perhaps among it",
            "请报告此行；BEDSIDE_TRACEBACK=1 显示更多，其中可能含患者文本",
        ),
    )
