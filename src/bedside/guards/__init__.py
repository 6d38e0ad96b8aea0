"""Every check between a proposal and a reader, one a file, each with its `GUARD`; `guard` runs them all."""

from bedside.guards._base import Guard
from bedside.guards._pipeline import guard

__all__ = ["Guard", "guard"]
