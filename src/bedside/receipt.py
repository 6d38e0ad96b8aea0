"""What a run was: hashes of recipe, data and code, versions of the libraries, seed, time, and privacy budget spent."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

LIBRARIES = ("bedside", "torch", "numpy", "scikit-learn", "tokenizers", "onnxruntime", "peft", "transformers")


@dataclass(frozen=True)
class Receipt:
    """Enough to say, later, what made a model.

    `privacy_epsilon` is None where no differential privacy was used: the budget is then unlimited, not zero.
    """

    recipe_sha256: str
    data_sha256: dict[str, str]
    code_sha256: str
    seed: int
    versions: dict[str, str] = field(default_factory=dict)
    machine: str = ""
    made: str = ""
    seconds: float = 0.0
    privacy_epsilon: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


def write_receipt(recipe_sha256: str, data: Iterable[Path], *, seed: int, seconds: float) -> Receipt:
    """Take the hashes and versions as they are now."""
    return Receipt(
        recipe_sha256=recipe_sha256,
        data_sha256={path.name: file_sha256(path) for path in data},
        code_sha256=code_sha256(),
        seed=seed,
        versions=versions(),
        machine=f"{platform.system()} {platform.machine()} Python {platform.python_version()}",
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(seconds, 1),
    )


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces; of a folder, over its files by relative name and content."""
    if path.is_dir():
        total = hashlib.sha256()
        for part in sorted(part for part in path.rglob("*") if part.is_file()):
            total.update(f"{part.relative_to(path).as_posix()}\0{file_sha256(part)}".encode())
        return total.hexdigest()
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def code_sha256() -> str:
    """SHA-256 over this package's own source files, by relative name and content."""
    root = Path(__file__).parent
    total = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that decide results, where installed."""
    found = {"python": sys.version.split()[0]}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
