"""A policy: what happens to each kind of identity, and the key that surrogates and date shifts come from."""

from __future__ import annotations

import hashlib
import hmac
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from bedside.errors import ConfigError
from bedside.types import IDENTITY_TYPES

Action = Literal["tag", "mask", "surrogate"]
DateAction = Literal["shift", "tag", "mask"]
ACTIONS: tuple[str, ...] = get_args(Action)
DATE_ACTIONS: tuple[str, ...] = get_args(DateAction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What happens to each kind of identity. There is no action that keeps one.

    `action` is for every type, `actions` overrides it type by type, `date` is for dates (by default shifted where the
    rest becomes surrogates, tagged otherwise). `presidio` adds that package's patterns to our own finds. A `seed` makes
    a run repeatable and its shifts guessable, so it is for demos and tests; without one, and without a vault, the key
    is drawn at random and forgotten with the policy.

    >>> Policy(action="surrogate").action_for("DATE")
    'shift'
    """

    action: Action = "tag"
    actions: Mapping[str, Action] = field(default_factory=dict)
    date: DateAction | None = None
    whole_weeks: bool = True
    mask_same_length: bool = False
    presidio: bool = False
    seed: int | None = None
    secret: bytes = field(default_factory=lambda: os.urandom(32), repr=False, compare=False)

    def action_for(self, type: str) -> str:
        """The action for one type of identity: tag, mask, surrogate, or shift (dates only)."""
        if type == "DATE":
            return self.date or ("shift" if self.action == "surrogate" else self.action)
        return self.actions.get(type, self.action)

    def key(self) -> bytes:
        """32 bytes for everything keyed, when no vault gives its own."""
        if self.seed is None:
            return self.secret
        return hashlib.sha256(b"bedside deid seed " + str(self.seed).encode()).digest()

    def name(self) -> str:
        """The policy in a few words, for reports: `tag date=tag`."""
        others = [f"{type}={action}" for type, action in sorted(self.actions.items())]
        also = ["presidio"] if self.presidio else []
        return " ".join([self.action, *others, f"date={self.action_for('DATE')}", *also])


def subkey(key: bytes, use: str) -> bytes:
    """A key for one use, so that no two uses share one (HMAC-SHA-256 as the pseudo-random function)."""
    return hmac.digest(key, b"bedside " + use.encode(), "sha256")


def keyed(key: bytes, *parts: str) -> int:
    """A number of 256 bits that only the key's holder can foresee; parts are length-prefixed, so none can run over."""
    message = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (p.encode("utf-8", "surrogatepass") for p in parts))
    return int.from_bytes(hmac.digest(key, message, "sha256"), "big")


def read_policy(path: Path) -> dict[str, Any]:
    """The settings in a TOML file: `action`, `date`, `whole_weeks`, `mask_same_length`, `presidio`, `seed`, a table
    `[actions]`.

    Raises `ConfigError` with every fault at once.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([f"cannot be read: {type(error).__name__}"], where=str(path)) from error
    faults = _faults(found)
    if faults:
        raise ConfigError(faults, where=str(path))
    return found


def _faults(found: Mapping[str, Any]) -> list[str]:
    kinds = {"whole_weeks": bool, "mask_same_length": bool, "presidio": bool, "seed": int, "actions": dict}
    faults = [f"{key}: unknown key" for key in found if key not in {"action", "date", *kinds}]
    faults += [f"{key}: expected {kind.__name__}" for key, kind in kinds.items() if not _is(found.get(key), kind)]
    if found.get("action", "tag") not in ACTIONS:
        faults.append(f"action: one of {', '.join(ACTIONS)}")
    if found.get("date", "tag") not in DATE_ACTIONS:
        faults.append(f"date: one of {', '.join(DATE_ACTIONS)}")
    table = found.get("actions")
    for kind, action in (table if isinstance(table, dict) else {}).items():
        if kind not in IDENTITY_TYPES or kind == "DATE":
            faults.append(f"actions.{kind}: unknown type; one of {', '.join(t for t in IDENTITY_TYPES if t != 'DATE')}")
        elif action not in ACTIONS:
            faults.append(f"actions.{kind}: one of {', '.join(ACTIONS)}")
    return faults


def _is(value: Any, kind: type) -> bool:
    return value is None or (isinstance(value, kind) and not (kind is int and isinstance(value, bool)))
