"""Reads files of rules (TOML); all faults of all files are told at once, each with its file, rule and key.

A file that cannot be used is refused as a whole, and so is the folder: a rule that silently is not there is no rule.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bedside.config._base import explain
from bedside.errors import BedsideError, ConfigError, UsageError
from bedside.lang import tr
from bedside.rules._format import RuleRow, rule_of
from bedside.rules._templates import expand
from bedside.rules.rule import Rule

SHIPPED = "bedside:"
"""Stands before the file name of a rule that came with the program."""


@cache
def shipped() -> tuple[Rule, ...]:
    """The rules that come with the program."""
    folder = files("bedside.rules").joinpath("shipped")
    sources = sorted((one.name, one) for one in folder.iterdir() if one.name.endswith(".toml"))
    return read_texts((SHIPPED + name, one.read_text(encoding="utf-8")) for name, one in sources)


def read_rules(place: Path) -> tuple[Rule, ...]:
    """The rules of a file, or of every .toml file of a folder, sorted by name.

    Raises ConfigError that lists every fault; UsageError where there is no such place, or no rule in it.
    """
    paths = sorted(place.glob("*.toml")) if place.is_dir() else [place]
    if not paths:
        raise UsageError(tr("no rules in this folder", "目录中没有规则文件"), value=place, allowed="*.toml")
    return read_texts((str(path), _text(path)) for path in paths)


def together(ours: Iterable[Rule], theirs: Iterable[Rule]) -> tuple[Rule, ...]:
    """Both sets of rules; ConfigError where an id is in both."""
    rules = (*ours, *theirs)
    if faults := list(_twice(rules)):
        raise ConfigError(faults, next="bedside rules list")
    return rules


def read_texts(sources: Iterable[tuple[str, str]]) -> tuple[Rule, ...]:
    """The rules of files given as (name, content)."""
    rules: list[Rule] = []
    faults: list[str] = []
    for file, text in sources:
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as fault:
            faults.append(f"{file}: {tr('not TOML', '不是有效的 TOML')} ({fault})")
            continue
        faults += _unknown_tables(document, file)
        for number, row in enumerate(_rows(document, file, faults), 1):
            rules += _rule(row, file, number, faults)
    if faults := [*faults, *_twice(rules)]:
        raise ConfigError(faults, next="docs/rules.md")
    return tuple(rules)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(tr("a rule file must be UTF-8", "规则文件必须为 UTF-8 编码"), value=path) from None
    except OSError as fault:
        what = tr("cannot read this file of rules", "无法读取规则文件")
        raise UsageError(what, value=f"{path} ({fault.strerror})", next="bedside rules list") from None


def _unknown_tables(document: dict[str, Any], file: str) -> Iterator[str]:
    known = {"rule", "template", *document.get("template", {})}
    for key in document.keys() - known:
        what = tr("unknown table, allowed: rule, template", "未知的表，可用：rule、template")
        yield f"{file}: {key}: {what}"


def _rows(document: dict[str, Any], file: str, faults: list[str]) -> list[Any]:
    try:
        return list(expand(document))
    except (TypeError, AttributeError, ValueError):
        what = tr(
            "rules stand in [[rule]], templates in [template.NAME]", "规则写在 [[rule]]，模板写在 [template.名称]"
        )
        faults.append(f"{file}: {what}")
        return []


def _rule(row: Any, file: str, number: int, faults: list[str]) -> list[Rule]:
    """The rule of a row; none, and its faults added, where it cannot be used."""
    name = row.get("id") if isinstance(row, dict) and isinstance(row.get("id"), str) else f"#{number}"
    try:
        return [rule_of(RuleRow.model_validate(row), file)]
    except ValidationError as wrong:
        for fault in wrong.errors():
            where = ".".join(map(str, fault["loc"]))
            faults.append(f"{file}: {name}: {where}: {explain(fault)}")
    except BedsideError as refused:
        faults.append(f"{file}: {name}: when: {refused}")
    return []


def _twice(rules: Iterable[Rule]) -> Iterator[str]:
    first: dict[str, str] = {}
    for rule in rules:
        if rule.id in first:
            yield f"{rule.file}: {rule.id}: {tr('this id is taken by a rule in', '此编号已被使用：')} {first[rule.id]}"
        first.setdefault(rule.id, rule.file)
