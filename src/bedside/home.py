"""Where bedside keeps its files: `BEDSIDE_HOME`, or the platform's data folder. Nothing goes elsewhere unasked."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path


def home() -> Path:
    """The home folder of this process's user; asked anew each time, so two homes can live in one process."""
    named = os.environ.get("BEDSIDE_HOME")
    return Path(named).expanduser() if named else user_data_path("bedside")


def place(*parts: str) -> Path:
    """A folder inside the home, made if it is missing, readable by its owner alone."""
    path = home().joinpath(*parts)
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
