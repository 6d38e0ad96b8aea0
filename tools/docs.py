"""Writes docs/reference/ from the code itself, and the tutorial's notebook from its page (`make docs`)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from bedside import registry

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
CODE: dict[str, object] = {"cell_type": "code", "outputs": [], "execution_count": None}
MARKDOWN: dict[str, object] = {"cell_type": "markdown"}
KINDS = {
    "formats": "What `bedside import` reads",
    "guards": "Checks between a proposal and a reader, all asked of every proposal",
    "backbones": "Networks `bedside fit --backbone` starts from",
    "heads": "Output layers, chosen by the labels or by `--head`",
    "knowledge": "Versioned, licensed sources that commands look things up in",
    "library": "Files `bedside knowledge add` reads into the cited library",
    "tasks": "Clinical questions `bedside examples` asks of charts",
}

ASK = """
import io, json
from contextlib import redirect_stdout
from bedside import registry
from bedside.cli import build

def said(name):
    with redirect_stdout(io.StringIO()) as heard:
        build()(args=[name, "--help"], prog_name="bedside", standalone_mode=False)
    return heard.getvalue()

print(json.dumps({name: said(name) for name in registry.names("commands")}))
"""


def commands() -> str:
    """The help of every verb, as a terminal of 100 columns shows it."""
    parts = ["# Commands\n\nMade by `make docs` from the commands themselves.\n"]
    for name, said in _helps().items():
        parts.append(f"## bedside {name}\n\n{registry.purpose('commands', name).split(' | ')[0]}.\n")
        parts.append(f"```text\n{said}\n```\n")
    return "\n".join(parts)


def names() -> str:
    """Every registered name of every kind, with its file's first line."""
    parts = ["# Registered names\n\nOne file each; its name is its command-line word. Made by `make docs`.\n"]
    for kind, title in KINDS.items():
        rows = [f"| `{name}` | {registry.purpose(kind, name).split(' | ')[0]} |" for name in registry.names(kind)]
        parts.append("\n".join([f"## {kind}\n\n{title}.\n", "| name | what it is |", "|---|---|", *rows, ""]))
    return "\n".join(parts)


def notebook(page: str) -> str:
    """A tutorial page as a Jupyter notebook: prose as Markdown cells, each bash block as a cell of `!` lines."""
    cells: list[dict[str, object]] = []
    for number, part in enumerate(re.split(r"(?ms)^```bash\n(.*?)^```\n", page)):
        if not part.strip():
            continue
        is_code = number % 2 == 1
        lines = [f"!{line}" for line in part.strip().splitlines()] if is_code else part.strip().splitlines()
        cell: dict[str, object] = {"id": f"cell-{number}", "metadata": {}, "source": "\n".join(lines)}
        cells.append(
            {**cell, "cell_type": "code", "outputs": [], "execution_count": None} if is_code else cell | MARKDOWN
        )
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def _helps() -> dict[str, str]:
    """What each verb says of itself, all asked in one process of its own: it starts with these surroundings."""
    env = {**os.environ, "COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1", "BEDSIDE_LANG": "en"}
    env["_TYPER_FORCE_DISABLE_TERMINAL"] = "1"
    asked = subprocess.run([sys.executable, "-c", ASK], capture_output=True, check=True, env=env).stdout
    said: dict[str, str] = json.loads(asked)
    return {name: "\n".join(line.rstrip() for line in text.strip().splitlines()) for name, text in said.items()}


def main() -> None:
    """Write the pages and the notebook."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    (REFERENCE / "commands.md").write_text(commands(), encoding="utf-8")
    (REFERENCE / "names.md").write_text(names(), encoding="utf-8")
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    (ROOT / "docs" / "tutorial.ipynb").write_text(notebook(page), encoding="utf-8")


if __name__ == "__main__":
    main()
