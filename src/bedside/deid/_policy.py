"""A policy: what happens to each kind of identity, and the key that surrogates and date shifts come from."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from bedside.errors import ConfigError
from bedside.lang import tr
from bedside.types import IDENTITY_TYPES

Action = Literal["tag", "mask", "surrogate"]
DateAction = Literal["shift", "tag", "mask"]
ACTIONS: tuple[str, ...] = get_args(Action)
DATE_ACTIONS: tuple[str, ...] = get_args(DateAction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What happens to each kind of identity. There is no action that keeps one.

    `action` is for every type, `actions` overrides it type by type, `date` is for dates (by default shifted where the
    rest becomes surrogates, tagged otherwise). `presidio` adds that package's patterns to our own finds, `thorough` a
    second reading by a pretrained encoder. A `seed` makes a run repeatable and its shifts guessable, so it is for demos
    and tests; without one, and without a vault, the key is drawn at random and forgotten with the policy.

    >>> Policy(action="surrogate").action_for("DATE")
    'shift'
    """

    action: Action = "tag"
    actions: Mapping[str, Action] = field(default_factory=dict)
    date: DateAction | None = None
    whole_weeks: bool = True
    mask_same_length: bool = False
    presidio: bool = False
    thorough: bool = False
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
        also = [name for name in ("presidio", "thorough") if getattr(self, name)]
        return " ".join([self.action, *others, f"date={self.action_for('DATE')}", *also])


def subkey(key: bytes, use: str) -> bytes:
    """A key for one use, so that no two uses share one (HMAC-SHA-256 as the pseudo-random function)."""
    return hmac.digest(key, b"bedside " + use.encode(), "sha256")


def keyed(key: bytes, *parts: str) -> int:
    """A number of 256 bits that only the key's holder can foresee; parts are length-prefixed, so none can run over."""
    message = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (p.encode("utf-8", "surrogatepass") for p in parts))
    return int.from_bytes(hmac.digest(key, message, "sha256"), "big")


def read_policy(path: Path) -> dict[str, Any]:
    """The settings in a TOML file: those of `Policy`, `actions` as a table.

    Raises `ConfigError` with every fault at once.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([_unread(path, error)], where=str(path)) from error
    faults = _faults(found)
    if faults:
        raise ConfigError(faults, where=str(path))
    return found


def _unread(path: Path, error: Exception) -> str:
    """Why a policy cannot be read; for a slip in its TOML with line and column."""
    if isinstance(error, tomllib.TOMLDecodeError):
        return tr(f"not TOML: {error}", f"不是 TOML：{_in_chinese(str(error))}")
    if isinstance(error, UnicodeDecodeError):
        return tr("not UTF-8 text", "不是 UTF-8 文本")
    if isinstance(error, FileNotFoundError):
        return tr("no such file", "文件不存在")
    if path.is_dir():
        return tr("a folder, where a policy file is needed", "此处须为策略文件，而非文件夹")
    return tr("cannot be read", "无法读取") + f" ({getattr(error, 'strerror', None)})"


def _in_chinese(slip: str) -> str:
    """The place in a parser's message, "(at line 3, column 5)", said in Chinese."""
    place = re.search(r"line (\d+), column (\d+)", slip)
    return f"第 {place[1]} 行第 {place[2]} 列" if place else "文件末尾"


def _faults(found: Mapping[str, Any]) -> list[str]:
    switches = dict.fromkeys(("whole_weeks", "mask_same_length", "presidio", "thorough"), bool)
    kinds: dict[str, type] = {**switches, "seed": int, "actions": dict}
    shown = {
        bool: tr("true or false", "true 或 false"),
        int: tr("a whole number", "整数"),
        dict: tr("a table", "一个表"),
    }
    faults = [f"{key}: {tr('unknown key', '未知的键')}" for key in found if key not in {"action", "date", *kinds}]
    faults += [
        f"{key}: {tr('expected', '应为')} {shown[kind]}" for key, kind in kinds.items() if not _is(found.get(key), kind)
    ]
    if found.get("action", "tag") not in ACTIONS:
        faults.append(f"action: {_one_of(ACTIONS)}")
    if found.get("date", "tag") not in DATE_ACTIONS:
        faults.append(f"date: {_one_of(DATE_ACTIONS)}")
    table = found.get("actions")
    for kind, action in (table if isinstance(table, dict) else {}).items():
        if kind not in IDENTITY_TYPES or kind == "DATE":
            types = _one_of(t for t in IDENTITY_TYPES if t != "DATE")
            faults.append(f"actions.{kind}: {tr('unknown type', '未知类型')}; {types}")
        elif action not in ACTIONS:
            faults.append(f"actions.{kind}: {_one_of(ACTIONS)}")
    return faults


def _one_of(names: Iterable[str]) -> str:
    return tr("one of", "须为") + " " + ", ".join(names)


def _is(value: Any, kind: type) -> bool:
    return value is None or (isinstance(value, kind) and not (kind is int and isinstance(value, bool)))
