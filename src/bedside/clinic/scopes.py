"""What a SMART token grants: scopes of version 2, read strictly; what is not understood grants nothing.

Source: SMART App Launch 2.2, "Scopes and Launch Context" (hl7.org/fhir/smart-app-launch).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Level = Literal["patient", "user", "system"]
_SCOPE = re.compile(
    r"(?P<level>patient|user|system)/(?P<kind>\*|[A-Z][A-Za-z]{1,63})\.(?P<may>c?r?u?d?s?)(?P<query>\?.*)?"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """One grant: at which level, of which resource type (`*`: all), which of create, read, update, delete, search."""

    level: str
    kind: str
    may: str


@dataclass(frozen=True, slots=True)
class Scopes:
    """The grants of one token. `limited` are those with a query, which this server does not apply: they grant nothing.

    >>> held = read_scopes("openid patient/Observation.rs system/Condition.r user/Patient.read")
    >>> held.level("Observation", "r"), held.level("Condition", "s"), held.level("Patient", "r")
    ('patient', None, None)
    """

    grants: tuple[Scope, ...] = ()
    limited: tuple[str, ...] = ()

    def level(self, kind: str, letter: str) -> str | None:
        """The widest level at which a letter of `cruds` is granted for a type; `*` asks for every type.

        `user` and `system` reach as far as the role; `patient` reaches one patient; None: not at all.
        """
        held = {one.level for one in self.grants if one.kind in (kind, "*") and letter in one.may}
        return next((level for level in ("system", "user", "patient") if level in held), None)


def read_scopes(written: str) -> Scopes:
    """The grants in a token's `scope`; scopes of version 1 (`.read`) and of other kinds are passed over."""
    found = [match for word in written.split() if (match := _SCOPE.fullmatch(word)) and match["may"]]
    grants = tuple(Scope(one["level"], one["kind"], one["may"]) for one in found if not one["query"])
    return Scopes(grants, tuple(one[0] for one in found if one["query"]))
