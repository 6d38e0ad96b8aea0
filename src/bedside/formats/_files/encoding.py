"""Which encoding a text, or a line of it, is in: marks and rules first, a guess only as a last resort, told as one."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from bedside.errors import FormatError
from bedside.formats._files.bytes import encoding_of
from bedside.lang import tr

ASCII = bytes(range(128))
EVERYDAY_LEADS = bytes((*range(0xA1, 0xA4), *range(0xB0, 0xD8)))
"""Lead bytes of GB2312's rows 1-3 (punctuation, full-width forms) and 16-55 (the 3,755 commonest characters)."""

LONG_UTF_8 = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""A character of three or four bytes, as every Chinese one is; by chance other encodings hardly ever form one."""

CONTROLS = bytes((*range(1, 9), *range(14, 27), *range(28, 32), 127))
"""Control characters that no text holds; not NUL, with which some exports pad, nor ESC, which terminals write."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name, and whether it was proved (a mark, or bytes that fit nothing else) or only the likeliest.

    `mixed` says that some lines are UTF-8 and others GB18030, as when two exports were joined.
    """

    name: str
    sure: bool = True
    mixed: bool = False

    @property
    def wide(self) -> bool:
        """Whether a character takes two or four bytes, so that a line cannot be cut out of the bytes."""
        return self.name.replace("_", "-").startswith(("utf-16", "utf-32"))


def detect(sample: bytes) -> Encoding:
    """The encoding of a text from its first bytes; the sample may end in the middle of a character.

    Order: byte-order mark, the zero bytes of unmarked UTF-16, valid UTF-8, lines of UTF-8 and of GB18030 together,
    valid GB18030 that reads as Chinese, either of them with damaged bytes, then charset-normalizer's statistics, then
    Windows-1252, which fits any byte: never sure.

    >>> detect("血红蛋白".encode("gb18030")).name
    'gb18030'
    """
    marked = encoding_of(sample, default="")
    if marked:
        return Encoding(marked)
    if _fits(sample, "utf-8"):
        return Encoding("utf-8")
    clear = {_clear(line) for line in sample.splitlines() if not line.isascii()}
    if {"utf-8", "gb18030"} <= clear:
        return Encoding("utf-8", sure=False, mixed=True)
    if _reads_as_gb18030(sample):
        return Encoding("gb18030")
    for name in ("utf-8", "gb18030"):
        if name in clear:
            return Encoding(name, sure=False)
    return Encoding("utf-8" if _damaged_utf8(sample) else _guess(sample), sure=False)


def line_encoding(line: bytes, usual: Encoding) -> str | None:
    """The encoding of one line of a file that is `usual` as a whole; None where none can be told from another.

    A code page of single bytes fits any line, so it is taken only where it is the file's own and the bytes beyond ASCII
    stand alone, as accents do: side by side they are more likely characters of two bytes, and a patient's name in them.

    >>> line_encoding("头痛三天".encode("gb18030"), Encoding("utf-8"))
    'gb18030'
    """
    if line.isascii():
        return "utf-8"
    if found := _clear(line):
        return found
    if _fits(line, "utf-8"):
        either = usual.mixed and _reads_as_gb18030(line)
        return None if either else "gb18030" if usual.name == "gb18030" and _reads_as_gb18030(line) else "utf-8"
    if usual.name in ("utf-8", "gb18030"):
        return None
    return None if _single_byte(usual.name) and _crowded(line) else usual.name


def binary(sample: bytes) -> bool:
    """Whether bytes that are no wide encoding hold too many control characters to be a text.

    >>> binary(bytes(range(256)) * 4), binary(b"Hb 120 g/L\\x00\\x00")
    (True, False)
    """
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    return controls > max(4, 0.02 * len(sample))


def checked(name: str) -> str:
    """The name of an encoding that a user gave; an unknown one is refused."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise FormatError(
            tr("unknown encoding", "未知的编码"), value=name, allowed="utf-8, gb18030, utf-16, latin-1, ..."
        ) from None


def _clear(line: bytes) -> str | None:
    """UTF-8 or GB18030 where the line speaks for it alone; a few damaged bytes do not speak against it."""
    if LONG_UTF_8.search(line) and (_fits(line, "utf-8") or _damaged_utf8(line)):
        return "utf-8"
    if not _fits(line, "utf-8") and (_reads_as_gb18030(line) or _damaged_gb18030(line)):
        return "gb18030"
    return None


def _fits(sample: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_gb18030(sample: bytes) -> bool:
    return _fits(sample, "gb18030") and _chinese_share(sample.decode("gb18030", "ignore")) > 0.5


def _damaged_gb18030(sample: bytes) -> bool:
    text = sample.decode("gb18030", "replace")
    return text.count("\ufffd") <= 0.1 * _beyond(text) and _chinese_share(text) > 0.5


def _chinese_share(text: str) -> float:
    """Of the characters beyond ASCII, how many are everyday Chinese ones (GB2312 level 1 and its punctuation)."""
    leads = text.encode("gb2312", "ignore").translate(None, ASCII)[::2]
    common = len(leads) - len(leads.translate(None, EVERYDAY_LEADS))
    return common / (_beyond(text) or 1)


def _damaged_utf8(sample: bytes) -> bool:
    """A UTF-8 text with a few damaged bytes: most of what lies beyond ASCII still forms UTF-8 characters."""
    text = sample.decode("utf-8", "replace")
    return 0 < text.count("\ufffd") <= 0.1 * _beyond(text)


def _beyond(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _crowded(line: bytes) -> bool:
    """Whether most bytes beyond ASCII stand side by side."""
    side_by_side = sum(len(run) for run in re.findall(rb"[\x80-\xff]{2,}", line))
    return side_by_side * 2 > len(line.translate(None, ASCII))


def _single_byte(name: str) -> bool:
    return len(bytes(range(0xA1, 0xFF)).decode(name, "replace")) == 0xFF - 0xA1


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:20_000]).best()
    name = best.encoding if best else "cp1252"
    western = {"ascii", "latin_1", "cp1250", "cp1254", "cp1257", "cp1258", "iso8859_15", "mac_roman", "utf_8"}
    mainframe = "\n".encode(name) == b"%"  # EBCDIC ends lines otherwise: such a file is for --encoding to name
    return "cp1252" if mainframe or name in western or not _fits(sample, name) else name
