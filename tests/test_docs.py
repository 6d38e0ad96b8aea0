"""The docs are true: the tutorial runs as written, generated pages are fresh, every registered name has its line."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bedside import registry

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_maker", ROOT / "tools" / "docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_of_commands_is_what_the_commands_say_now(maker: ModuleType) -> None:
    assert (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8") == maker.commands()


def test_the_list_of_names_is_what_is_registered_now(maker: ModuleType) -> None:
    assert (ROOT / "docs/reference/names.md").read_text(encoding="utf-8") == maker.names()


def test_the_notebook_is_the_tutorial(maker: ModuleType) -> None:
    page = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    assert (ROOT / "docs/tutorial.ipynb").read_text(encoding="utf-8") == maker.notebook(page)


def test_the_tutorial_runs_from_the_first_cell_to_the_last(tmp_path: Path) -> None:
    shutil.copy(ROOT / "docs" / "triage.csv", tmp_path)
    book = json.loads((ROOT / "docs/tutorial.ipynb").read_text(encoding="utf-8"))
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for cell in book["cells"]:
        if cell["cell_type"] != "code":
            continue
        command = "\n".join(line.removeprefix("!") for line in cell["source"].splitlines())
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 3), f"{command}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}"
    assert (tmp_path / "report.html").stat().st_size > 10_000
    predictions = (tmp_path / "predictions.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(predictions) == 234
    assert {"id", "label", "probabilities"} <= json.loads(predictions[0]).keys()


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_every_command_a_readme_shows_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = set(re.findall(r"(?m)^bedside (?:--lang zh )?([a-z]+)", text))
    assert shown
    assert shown <= set(registry.names("commands"))


def test_every_registered_file_says_what_it_is() -> None:
    silent = [
        (kind, name) for kind in registry.EXPORTS for name in registry.names(kind) if not registry.purpose(kind, name)
    ]
    assert silent == []
