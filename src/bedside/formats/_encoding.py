"""Which encoding a text is in: marks and rules first, a guess only as a last resort, and the doubt said aloud."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from bedside.errors import FormatError
from bedside.formats._bytes import encoding_of
from bedside.lang import tr


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name, and whether it was proved (a mark, or bytes that fit nothing else) or only the likeliest."""

    name: str
    sure: bool = True


def detect(sample: bytes) -> Encoding:
    """The encoding of a text from its first bytes; the sample may end in the middle of a character.

    Order: byte-order mark, the zero bytes of unmarked UTF-16, valid UTF-8, valid GB18030 that reads as Chinese, UTF-8
    with a few damaged bytes, then charset-normalizer's statistics, then Windows-1252, which fits any byte: never sure.

    >>> detect("血红蛋白".encode("gb18030")).name
    'gb18030'
    """
    marked = encoding_of(sample, default="")
    if marked:
        return Encoding(marked)
    if _fits(sample, "utf-8"):
        return Encoding("utf-8")
    if _fits(sample, "gb18030") and _chinese_share(sample.decode("gb18030", "ignore")) > 0.5:
        return Encoding("gb18030")
    if _mostly_utf8(sample):
        return Encoding("utf-8", sure=False)
    return Encoding(_guess(sample), sure=False)


def checked(name: str) -> str:
    """The name of an encoding that a user gave; an unknown one is refused."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise FormatError(
            tr("unknown encoding", "未知的编码"), value=name, allowed="utf-8, gb18030, utf-16, latin-1, ..."
        ) from None


def _fits(sample: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _chinese_share(text: str) -> float:
    """Of the characters beyond ASCII, how many are everyday Chinese ones (GB2312 level 1 and its punctuation)."""
    beyond = [char for char in text if ord(char) > 127]
    if not beyond:
        return 0.0
    common = sum(1 for char in beyond if _everyday(char))
    return common / len(beyond)


def _everyday(char: str) -> bool:
    """Rows 1-3 (punctuation, full-width forms) and 16-55 (the 3,755 commonest characters) of GB2312."""
    try:
        lead = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xD7


def _mostly_utf8(sample: bytes) -> bool:
    """A UTF-8 text with a few damaged bytes: most of what lies beyond ASCII still forms UTF-8 characters."""
    text = sample.decode("utf-8", "replace")
    beyond = sum(1 for char in text if ord(char) > 127)
    return beyond > 0 and text.count("\ufffd") <= 0.1 * beyond


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:20_000]).best()
    name = best.encoding if best else "cp1252"
    western = {"ascii", "latin_1", "cp1250", "cp1254", "cp1257", "cp1258", "iso8859_15", "mac_roman", "utf_8"}
    return "cp1252" if name in western or not _fits(sample, name) else name
