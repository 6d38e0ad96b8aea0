"""Names of accounts: what may be one, and which two a reader would take for the same."""

from __future__ import annotations

import re
import unicodedata

_NAME = re.compile(r"[\w.@-]{1,64}")
_LIKE_LATIN = str.maketrans("авекмнорстухіјѕԁһԛԝαβεζηικμνορτυχ", "abekmhopctyxijsdhqwabezhikmvoptyx")
"""Small letters of Cyrillic and Greek, and the Latin ones that they, or their capitals, look like (Unicode UTS #39)."""


def is_name(name: str) -> bool:
    """Whether an account may be called that.

    >>> is_name("dr.li"), is_name("王医生"), is_name("dr li")
    (True, True, False)
    """
    return _NAME.fullmatch(name) is not None


def likeness(name: str) -> str:
    r"""What names that look alike share: of capitals and small letters, full-width forms, and letters of two alphabets.

    >>> [likeness(name) for name in ("Dr.Li", "ｄｒ.ｌｉ", "dr.l\u0456", "dr.lu")]
    ['dr.li', 'dr.li', 'dr.li', 'dr.lu']
    """
    return unicodedata.normalize("NFKC", name).casefold().translate(_LIKE_LATIN)
