"""What every guard is: a name, its place in the order, and one check of a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bedside.types import Finding, Proposal


class Guard(Protocol):
    """One check between a proposal and a reader; a file of this folder defines one as `GUARD`.

    `order` says when it runs, the lowest first; `check` gives what it finds, in the language in force, and nothing for
    a proposal that it has nothing against.
    """

    @property
    def name(self) -> str: ...

    @property
    def order(self) -> int: ...

    def check(self, proposal: Proposal) -> Sequence[Finding]: ...
