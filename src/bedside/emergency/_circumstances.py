"""What a message says around its trouble: that it is over, seen to, long-standing, mild, or began minutes ago."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_MOST = 2
"""Said twice weighs double; said more often weighs no more."""


def circumstances(text: str) -> dict[str, int]:
    """How often each circumstance of data/circumstances.toml is said, up to twice; without those that are not said.

    >>> circumstances("Seen in A&E yesterday, all clear.")
    {'over': 1, 'seen-to': 1}
    >>> circumstances("刚才突然倒下了")
    {'now': 2}
    """
    said = {name: min(_MOST, len(pattern.findall(text))) for name, pattern in _patterns().items()}
    return {name: times for name, times in said.items() if times}


def names() -> list[str]:
    """All circumstances, in the order of the table."""
    return list(_patterns())


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = files("bedside.emergency").joinpath("data/circumstances.toml").read_text(encoding="utf-8")
    return {name: re.compile("|".join(told.values()), re.IGNORECASE) for name, told in tomllib.loads(table).items()}
