"""The tree is the architecture: an import points to a lower layer, or stays within its own folder."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import bedside
from bedside import registry

LAYERS = {
    0: "types errors config registry receipt lang home files charts runs chain steps spans recent calling processor "
    "ending machine",
    1: "formats deid cleaning backbones knowledge",
    2: "heads phenotypes library",
    3: "tasks model graph drugs emergency",
    4: "train evaluate explain rules grounding facts",
    5: "guards drift",
    6: "advise consult literature trials review",
    7: "clinic exchange",
    8: "server conformance",
    9: "commands",
    10: "cli",
    11: "__main__",
}
LAYER = {name: number for number, names in LAYERS.items() for name in names.split()}
ROOT = Path(bedside.__file__).parent
FILES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def upward_imports(path: Path, source: str) -> list[str]:
    """The imports in `source` that point to a higher layer, or across within one."""
    here = path.relative_to(ROOT).parts[0].removesuffix(".py")
    wrong = []
    for node in ast.walk(ast.parse(source)):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            parts = name.split(".")
            if parts[0] != "bedside" or len(parts) < 2 or parts[1] == here:
                continue
            allowed = LAYER[parts[1]] < LAYER[here] or LAYER[here] == LAYER[parts[1]] == 0
            if not allowed:
                wrong.append(f"line {node.lineno}: {here} (layer {LAYER[here]}) imports {name}")
    return wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_imports_only_from_below(path: Path) -> None:
    assert upward_imports(path, path.read_text(encoding="utf-8")) == []


def test_an_import_that_points_up_is_caught() -> None:
    assert upward_imports(ROOT / "deid" / "x.py", "from bedside.server import app") != []
    assert upward_imports(ROOT / "deid" / "x.py", "from bedside.types import Span") == []


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in registry.EXPORTS for name in registry.names(kind)])
def test_a_registered_file_defines_what_its_kind_must(kind: str, name: str) -> None:
    """Machinery whose name lacks its `_` would be listed as a task or a format that nobody can load."""
    folder = ROOT / registry.FOLDERS.get(kind, kind)
    path = next(folder / f"{stem}.py" for stem in (name, f"{name}_") if (folder / f"{stem}.py").exists())
    defined = [
        target.id
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    ]
    assert registry.EXPORTS[kind] in defined


def test_every_file_says_in_its_first_line_what_it_is_for() -> None:
    silent = [
        path.name for path in FILES if path.read_text(encoding="utf-8").strip() and not _first(path).startswith('"""')
    ]
    assert silent == []


def _first(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0]
