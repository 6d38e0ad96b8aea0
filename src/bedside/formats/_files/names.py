"""The name of a file as text that can be shown and written anywhere, whatever bytes it is made of."""

from __future__ import annotations

import os
import unicodedata


def plain_name(name: str) -> str:
    r"""The name; bytes that are no UTF-8 are most often GB18030, and a control character is shown as a mark.

    >>> plain_name("ward\n7\x1b[31m.txt")
    'ward\ufffd7\ufffd[31m.txt'
    >>> plain_name(os.fsdecode("病历.txt".encode("gb18030")))
    '病历.txt'
    """
    raw = os.fsencode(name)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return "".join("\ufffd" if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
