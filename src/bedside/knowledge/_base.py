"""A source of knowledge: its name, its licence, how it is installed, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Source:
    """One source: `open(folder)` reads a folder of newer files where one is named, else what is installed."""

    name: str
    licence: str
    citation: str
    install: str
    installed: Callable[[], bool]
    open: Callable[[Path | None], Any]
