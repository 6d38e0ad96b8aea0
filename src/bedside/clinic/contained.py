"""Whether bedside runs in a container, and which of its folders there cannot be written or will not be kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

MARKS = {"docker": "/.dockerenv", "podman": "/run/.containerenv"}
"""Files that an engine puts into each of its containers."""
FLEETING = ("overlay", "tmpfs", "aufs", "fuse-overlayfs")
"""File systems of a container's own layer and of memory: what lies there goes with it."""


def container(told: Mapping[str, str] = os.environ, root: Path = Path("/")) -> str | None:
    """What kind of container this is; None outside of one.

    >>> container({"KUBERNETES_SERVICE_HOST": "10.0.0.1"})
    'kubernetes'
    """
    if "KUBERNETES_SERVICE_HOST" in told:
        return "kubernetes"
    return next((kind for kind, mark in MARKS.items() if (root / mark.lstrip("/")).exists()), None)


def locked(folders: Iterable[Path]) -> list[Path]:
    """The folders that this process may not write to, or, where there is none yet, may not make."""
    return [folder for folder in folders if not os.access(_there(folder), os.W_OK)]


def unkept(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    """Whether a folder lies in the container's own layer or in memory, and not on a volume."""
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return False
    kinds = {Path(place.replace("\\040", " ")): kind for _, place, kind, *_ in lines}
    here = folder.resolve()
    return next((kinds[one] for one in (here, *here.parents) if one in kinds), "") in FLEETING


def _there(folder: Path) -> Path:
    """The folder, or the nearest of those it would be made in."""
    return next(one for one in (folder, *folder.resolve().parents) if one.exists())
