"""The frames of MLLP: a message between VT and FS CR; what stands between frames is no message.

Source: HL7, "Transport Specification: MLLP, Release 1".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

START, END = b"\x0b", b"\x1c\r"
MOST_BYTES = 16 * 2**20
CHUNK = 65536


class BrokenFrame(Exception):
    """A frame that cannot be gone on from: too long, or the stream is no MLLP."""


def framed(message: bytes) -> bytes:
    """A message as it goes out.

    >>> framed(b"MSH|")
    b'\\x0bMSH|\\x1c\\r'
    """
    return START + message + END


def frames(receive: Callable[[int], bytes], most: int = MOST_BYTES) -> Iterator[bytes]:
    """The messages of a stream until it ends; one cut off by its end is dropped: it was never acknowledged.

    >>> stream = iter([b"\\x0bMSH|1\\x1c", b"\\r\\x0bMSH|2\\x1c\\r\\x0bMSH", b""])
    >>> list(frames(lambda size: next(stream)))
    [b'MSH|1', b'MSH|2']
    """
    held = bytearray()
    while chunk := receive(CHUNK):
        held += chunk
        while (end := held.find(END)) >= 0:
            start = held.find(START, 0, end)
            if start < 0:
                raise BrokenFrame
            yield bytes(held[start + 1 : end])
            del held[: end + len(END)]
        if len(held) > most or (held.strip(b"\r\n") and START not in held):
            raise BrokenFrame
