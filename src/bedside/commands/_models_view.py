"""How versions of models, their gates and the acts upon them are shown on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bedside.commands._io import say, table
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.clinic.models.gates import Gate
    from bedside.clinic.models.versions import Act, Version


def print_version(one: Version) -> None:
    """One version and its stage."""
    from bedside.clinic.models.words import stage_said

    say(f"{one.name} {one.version}: {stage_said(one)}")
    say(disclaimer(), quiet=True)


def print_versions(found: Sequence[Version]) -> None:
    """A line a version."""
    from bedside.clinic.models.words import stage_said

    head = (tr("name", "名称"), tr("version", "版本"), tr("stage", "阶段"), tr("head", "输出层"), "SHA-256")
    rows = [(one.name, one.version, stage_said(one), one.head, one.sha256[:12]) for one in found]
    table(tr("Models", "模型"), head, rows)


def print_acts(acts: Sequence[Act]) -> None:
    """Who did what, when and why."""
    from bedside.clinic.models.words import act_said

    for act in acts:
        when = datetime.fromtimestamp(act.created, UTC).strftime("%Y-%m-%d %H:%M")
        say(f"{when}  {act.user_id}  {act_said(act)}  {act.reason}".rstrip())


def said_gates(gates: Sequence[Gate]) -> str:
    """Each gate: open or closed, and its figures."""
    from bedside.clinic.models.gates import gate_said

    return "\n  ".join(["", *(gate_said(gate) for gate in gates)])
