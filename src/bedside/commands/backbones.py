"""List the networks a model can be fitted from | 列出可用于训练的骨干网络"""

from __future__ import annotations

from typing import Any

from bedside import registry
from bedside.commands._io import JsonFlag, emit_json, say, table
from bedside.lang import tr


def run(json: JsonFlag = False) -> None:
    """List the registered backbones: licence, languages, size, and whether their weights are installed."""
    rows = [_row(name) for name in registry.names("backbones")]
    if json:
        emit_json({"backbones": rows})
        return
    head = (
        tr("name", "名称"),
        tr("kind", "类型"),
        tr("languages", "语言"),
        "MB",
        tr("licence", "许可"),
        tr("installed", "已安装"),
    )
    shown = [(r["name"], r["role"], r["languages"], r["megabytes"], r["licence"], _state(r)) for r in rows]
    table(tr("Backbones", "骨干网络"), head, shown)
    say(
        tr(
            "Any Hugging Face folder (safetensors) works too: --backbone FOLDER",
            "也可使用任何 Hugging Face 目录（safetensors）：--backbone 目录",
        )
    )


def _row(name: str) -> dict[str, Any]:
    spec = registry.load("backbones", name)
    fields = ("name", "role", "languages", "megabytes", "licence", "install")
    return {field: getattr(spec, field) for field in fields} | {"installed": spec.installed()}


def _state(row: dict[str, Any]) -> str:
    return tr("yes", "是") if row["installed"] else str(row["install"])


COMMAND = run
