"""Which charts of an index a user may see: a list of ids, or a role of a file of roles; nothing said is nothing shown.

A list is a text file, an id a line; a file of roles is TOML: `[role.NAME]` with `charts = ["P-1", "WARD3-*"]` and,
where wanted, `except = [...]`; * stands for any characters. An index with an `access.toml` is opened with a role alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from bedside.errors import DataError, UsageError
from bedside.lang import tr

ROLES = "access.toml"
Rule = tuple[list[str], list[str]]
"""Patterns of ids that may be seen, and of those that may not."""


def allowed_charts(
    charts: Iterable[tuple[int, str]], folder: Path, allow: Path | None, role: str | None
) -> set[int] | None:
    """The numbers of the charts that may be seen; None for all, where neither a list, a role nor the index says less.

    A list and the index's own roles both hold. Raises UsageError where a role is needed or unknown, DataError for a
    file that cannot be read.
    """
    is_roles = allow is not None and allow.suffix.lower() == ".toml"
    rules: list[Rule] = []
    if (folder / ROLES).is_file():
        rules.append(_role(folder / ROLES, role))
    if allow is not None:
        rules.append(_role(allow, role) if is_roles else (_listed(allow), []))
    if role is not None and not (is_roles or (folder / ROLES).is_file()):
        what = tr("a role needs a file of roles", "使用角色须提供角色文件")
        raise UsageError(what, where="--role", value=role, next="--allow ROLES.toml --role NAME")
    if not rules:
        return None
    return {no for no, id in charts if all(_fits(id, some) and not _fits(id, but) for some, but in rules)}


def _fits(id: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(id, pattern) for pattern in patterns)


def _listed(path: Path) -> list[str]:
    """The ids of a list; what stands behind a # is not read, and an id stands for itself alone."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DataError(tr("the list cannot be read", "无法读取列表"), value=path.name) from None
    ids = [line.split("#")[0].strip() for line in lines]
    return ["".join(f"[{one}]" if one in "*?[" else one for one in id) for id in ids if id]


def _role(path: Path, role: str | None) -> Rule:
    try:
        told: Any = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise DataError(tr("the file of roles cannot be read", "无法读取角色文件"), value=path.name) from None
    roles = told.get("role", {})
    known = sorted(roles) if isinstance(roles, dict) else []
    if role not in known:
        what = tr("a role of the file of roles is needed", "须指定角色文件中的角色")
        raise UsageError(what, where="--role", value=role, allowed=known or tr("none", "无"))
    parts = [roles[role].get(name, []) if isinstance(roles[role], dict) else None for name in ("charts", "except")]
    for part in parts:
        if not isinstance(part, list) or not all(isinstance(one, str) for one in part):
            what = tr("charts and except are lists of ids", "charts 和 except 须为编号列表")
            raise DataError(what, where=f"{path.name} [role.{role}]")
    return parts[0] or [], parts[1] or []
