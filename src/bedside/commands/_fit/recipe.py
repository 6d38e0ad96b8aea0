"""What was said on the command line as a recipe: a table or a .toml, columns, settings, and --set KEY=VALUE."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.config import Recipe


def recipe_of(data: Path, columns: Mapping[str, Any], fit: Mapping[str, Any], words: Sequence[str]) -> Recipe:
    """The recipe in `data`, or of the table there, with what was said beside.

    In `words` data.KEY is a column's, abstain.KEY a setting of doubt, and any other of the fit. Raises UsageError when
    an option and a --set say two things of one key.
    """
    from bedside.config import Recipe

    said = settings(words)
    of_data = said.pop("data", {})
    of_data = of_data if isinstance(of_data, dict) else {"data": of_data}
    refuse_contrary({"data": given(columns), "fit": given(fit)}, {"data": of_data, "fit": said})
    of_data = given(columns) | of_data
    abstain = said.pop("abstain", {})
    said = given(fit) | said
    if data.suffix.lower() != ".toml":
        both: dict[str, object] = {"data": {"train": data, **of_data}, "fit": said}
        return Recipe.from_dict(both | ({"abstain": abstain} if abstain else {}))
    written = Recipe.read(data).model_dump(exclude_unset=True)
    both = {"data": {**written["data"], **of_data}, "fit": {**written.get("fit", {}), **said}}
    if abstain or "abstain" in written:
        both["abstain"] = {**written.get("abstain", {}), **abstain} if isinstance(abstain, dict) else abstain
    return Recipe.from_dict(both, where=str(data))


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was said at all.

    >>> given({"epochs": 3, "seed": None})
    {'epochs': 3}
    """
    return {key: value for key, value in values.items() if value is not None}


def settings(words: Sequence[str]) -> dict[str, Any]:
    """KEY=VALUE as TOML reads it; a bare word is text, a dot in the key leads into a table, that of fit being meant.

    >>> settings(["learning_rate=1e-4", "write.beams=4", "fit.adapt=lora"])
    {'learning_rate': 0.0001, 'write': {'beams': 4}, 'adapt': 'lora'}
    """
    found: dict[str, Any] = {}
    for word in words:
        key, sign, value = word.partition("=")
        if not sign:
            raise UsageError(tr("--set takes KEY=VALUE", "--set 的格式为 KEY=VALUE"), value=word)
        try:
            read = tomllib.loads(f"x = {value}")["x"]
        except tomllib.TOMLDecodeError:
            read = value
        *tables, name = key.strip().removeprefix("fit.").split(".")
        place = found
        for table in tables:
            place = place.setdefault(table, {})
            if not isinstance(place, dict):
                raise _contrary([f"--set {word}", f"--set {table}={place}"])
        if place.setdefault(name, read) != read:
            raise _contrary([f"--set {word}", f"--set {key}={place[name]}"])
    return found


def refuse_contrary(options: Mapping[str, Mapping[str, Any]], words: Mapping[str, Mapping[str, Any]]) -> None:
    """Tell all the options together that a --set contradicts."""
    contrary = [
        f"--{key.replace('_', '-')} {value} | --set {f'{table}.{key}'.lstrip('.')}={words[table][key]}"
        for table, values in options.items()
        for key, value in values.items()
        if key in words[table] and str(words[table][key]) != str(value)
    ]
    if contrary:
        raise _contrary(contrary)


def _contrary(said: Sequence[str]) -> UsageError:
    what = tr("one setting is given two values", "同一设置给出了两个不同的值")
    return UsageError(what, value="; ".join(said), next=tr("say it once", "只给出一次"))
