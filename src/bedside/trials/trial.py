"""A trial as it is imported: what it studies, who may take part, and its criteria; as JSON Lines, one trial a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, get_args

from bedside.errors import FormatError
from bedside.lang import tr
from bedside.trials.criterion import Condition, Criterion, Kind, Op


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One trial. Ages are in years; `healthy` tells whether healthy people may take part, None where it is not said.

    `version` orders what is imported of one id: the date of the last update. `extra` holds nothing that matching reads.
    """

    id: str
    title: str = ""
    status: str = ""
    phase: str = ""
    conditions: tuple[str, ...] = ()
    sex: str = "any"
    min_age: float | None = None
    max_age: float | None = None
    healthy: bool | None = None
    eligibility: str = ""
    criteria: tuple[Criterion, ...] = field(default=(), repr=False)
    version: str = ""
    url: str = ""
    source: str = ""

    def all_criteria(self) -> tuple[Criterion, ...]:
        """Its criteria, and those that its fields of age and sex state where the text does not."""
        said = {c.kind for one in self.criteria for group in one.groups for c in group}
        own: list[Criterion] = []
        if "age" not in said and (self.min_age is not None or self.max_age is not None):
            own.append(_of_field(self, "age", "age", low=self.min_age, high=self.max_age))
        if self.sex in ("male", "female") and "sex" not in said:
            own.append(_of_field(self, "sex", self.sex))
        return (*own, *self.criteria)


def trial_to_json(trial: Trial) -> dict[str, Any]:
    """A trial as plain JSON values; what is empty in a criterion is left out.

    >>> trial_from_json(trial_to_json(Trial(id="NCT1", min_age=18.0))) == Trial(id="NCT1", min_age=18.0)
    True
    """
    values = {one.name: getattr(trial, one.name) for one in fields(trial) if one.name != "criteria"}
    return {**values, "conditions": list(trial.conditions), "criteria": [criterion_to_json(c) for c in trial.criteria]}


def criterion_to_json(criterion: Criterion) -> dict[str, Any]:
    """A criterion as plain JSON values."""
    groups = [[_filled(asdict(one)) for one in group] for group in criterion.groups]
    return {
        "id": criterion.id,
        "side": criterion.side,
        "text": criterion.text,
        **({"category": criterion.category} if criterion.category else {}),
        "groups": groups,
        "unparsed": [list(span) for span in criterion.unparsed],
    }


def trial_from_json(values: Any) -> Trial:
    """The trial that `trial_to_json` wrote; FormatError for anything else."""
    if not isinstance(values, dict) or not isinstance(values.get("id"), str) or "criteria" not in values:
        what = tr("not a trial that bedside wrote", "不是 bedside 写出的试验")
        raise FormatError(what, next="bedside trials import FILES -o TRIALS.jsonl")
    try:
        known = {one.name: values[one.name] for one in fields(Trial) if one.name in values}
        return Trial(
            **{
                **known,
                "conditions": tuple(str(one) for one in known.get("conditions") or ()),
                "criteria": tuple(criterion_from_json(one, values["id"]) for one in known["criteria"]),
            }
        )
    except (TypeError, KeyError, ValueError):
        raise FormatError(
            tr("a trial whose parts are of the wrong kind", "试验内容的类型不符"), value=values["id"]
        ) from None


def criterion_from_json(values: dict[str, Any], trial: str) -> Criterion:
    """The criterion that `criterion_to_json` wrote."""
    return Criterion(
        id=str(values["id"]),
        trial=trial,
        side="exclude" if values["side"] == "exclude" else "include",
        text=str(values["text"]),
        category=str(values.get("category") or ""),
        groups=tuple(tuple(_condition(one) for one in group) for group in values["groups"]),
        unparsed=tuple((int(start), int(end)) for start, end in values["unparsed"]),
    )


def read_trials(path: Path) -> Iterator[Trial]:
    """The trials of a file that `bedside trials import` wrote; a bad line is refused by number."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            where = tr(f"{path.name}: line {number}", f"{path.name}：第 {number} 行")
            try:
                yield trial_from_json(json.loads(line))
            except (ValueError, RecursionError):
                raise FormatError(tr("not a line of JSON", "不是一行 JSON"), where=where) from None
            except FormatError as fault:
                raise FormatError(fault.what, where=where, value=fault.value, next=fault.next) from None


def _condition(values: dict[str, Any]) -> Condition:
    if values["kind"] not in get_args(Kind) or values["op"] not in get_args(Op):
        raise ValueError
    spans = tuple((int(start), int(end)) for start, end in values.get("also") or ())
    lists: dict[str, Any] = {name: tuple(values[name]) for name in ("codes", "qualifiers") if name in values}
    made: dict[str, Any] = {**values, **lists, "also": spans}
    return Condition(**made)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", (), [])}


def _of_field(trial: Trial, kind: Any, concept: str, low: float | None = None, high: float | None = None) -> Criterion:
    """A field of the registry as a criterion; its text is what the field says."""
    if kind == "age":
        ends = "-".join("" if one is None else f"{one:g}" for one in (low, high))
        text = tr(f"Age (registry): {ends} years", f"年龄（登记字段）：{ends} 岁")
    else:
        text = tr(f"Sex (registry): {concept}", f"性别（登记字段）：{'男' if concept == 'male' else '女'}")
    op: Op = "between" if kind == "age" else "present"
    one = Condition(
        kind=kind,
        concept=concept,
        op=op,
        start=0,
        end=len(text),
        low=low,
        high=high,
        unit="years" if kind == "age" else "",
    )
    return Criterion(id=f"{trial.id}:{kind}", trial=trial.id, side="include", text=text, groups=((one,),))
