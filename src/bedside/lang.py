"""Says a thing in the user's language: every sentence shown to people is written here-and-there as (English, Chinese).

The language is a context variable: a command sets it once from `--lang` or `BEDSIDE_LANG`, the server once a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Lang = Literal["en", "zh"]
LANGS: tuple[Lang, ...] = ("en", "zh")
_current: ContextVar[Lang] = ContextVar("lang", default="en")


def current() -> Lang:
    """The language in force."""
    return _current.get()


def tr(en: str, zh: str) -> str:
    """The one of the two that the user reads.

    >>> with speaking("zh"):
    ...     tr("done", "完成")
    '完成'
    """
    return zh if _current.get() == "zh" else en


def counted(number: int, thing: str, things: str = "") -> str:
    """A number with the English word for what it counts, which unless it is one has an s, or is `things`.

    >>> counted(1, "label"), counted(12, "row"), counted(0, "entry", "entries")
    ('1 label', '12 rows', '0 entries')
    """
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def set_lang(name: str) -> None:
    """Speak `name` from here on in this context; anything but en and zh is English."""
    _current.set("zh" if name == "zh" else "en")


@contextmanager
def speaking(name: Lang) -> Iterator[None]:
    """Speak `name` inside the block."""
    token = _current.set(name)
    try:
        yield
    finally:
        _current.reset(token)


def disclaimer() -> str:
    """What every output says to whoever reads it."""
    return tr(
        "bedside advises; a clinician decides. Not a diagnosis.",
        "本系统仅供参考，由临床医生决定；不构成诊断。",
    )
