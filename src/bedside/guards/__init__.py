"""Every check between a proposal and a reader, one a file, each with its `GUARD`; `guard` asks them all."""

from bedside.guards._base import Guard
from bedside.guards._decisions import guarded, held_back, to_tell
from bedside.guards._pipeline import guard

__all__ = ["Guard", "guard", "guarded", "held_back", "to_tell"]
