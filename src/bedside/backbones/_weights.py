"""Finds a weights file inside an installed package without importing the package, and checks its hash."""

from __future__ import annotations

from pathlib import Path

from bedside.errors import ModelTampered, UsageError
from bedside.files import package_file
from bedside.lang import tr
from bedside.receipt import file_sha256


def require_file(package: str, inner: str, sha256: str, *, hint: str) -> Path:
    """The same file, refused when the package is absent (`hint` is what to do) or the bytes are not those we know."""
    path = package_file(package, inner)
    if path is None:
        raise UsageError(
            tr(
                f"the weights come with the package {package}, which is not installed",
                f"权重随 {package} 包提供，而它尚未安装",
            ),
            next=hint,
        )
    found = file_sha256(path)
    if found != sha256:
        raise ModelTampered(
            tr("the weights are not the ones this version of bedside knows", "权重与本版本 bedside 所知的不一致"),
            where=f"{package}/{Path(inner).name}",
            value=f"sha256 {found[:12]}",
            allowed=f"sha256 {sha256[:12]}",
            next=hint,
        )
    return path
