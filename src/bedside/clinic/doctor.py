"""Examines an installation: is each thing that a server needs there, reachable, private and whole?"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

from bedside import registry
from bedside.clinic.contained import container, locked, unkept
from bedside.errors import BedsideError
from bedside.home import home
from bedside.lang import counted, tr

FREE_BYTES = 2 * 2**30
_NAME = re.compile(r"[\w.-]+")
EARLIEST = 1_735_689_600  # 2025-01-01: no machine that runs this release can be there


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at; `next` is the command or act that mends it where it is not good."""

    name: str
    good: bool
    what: str
    next: str = ""


def examine(data: Path | None = None, database: str | None = None, key_file: Path | None = None) -> list[Check]:
    """Every check that applies; those of a data folder only where one is named. A check that breaks is a bad one."""
    checks: dict[str, Callable[[], Check]] = {
        "python": _python,
        "packages": _packages,
        "home": _home,
        "clock": _clock,
        "models": _models,
        "disk": lambda: _disk(data or home()),
    }
    if (kind := container()) is not None:
        checks["container"] = lambda: _container(kind, data)
    if data is not None and not data.is_dir():
        checks["data folder"] = lambda: _absent(data)
    elif data is not None:
        checks |= {
            "data folder": lambda: _private(data),
            "master key": lambda: _key(data, key_file),
            "database": lambda: _database(data, database, key_file),
            "audit": lambda: _audit(data),
        }
    return [_tried(name, check) for name, check in checks.items()]


def _tried(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except (BedsideError, OSError) as fault:
        what = fault.what if isinstance(fault, BedsideError) else type(fault).__name__
        return Check(name=name, good=False, what=what, next=(getattr(fault, "next", None) or ""))


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check(
        name="python",
        good=sys.version_info >= (3, 11),
        what=found,
        next=tr("Python 3.11 or later", "需 Python 3.11 及以上"),
    )


def _packages() -> Check:
    missing = list(_missing())
    what = ", ".join(missing) if missing else tr("all there", "齐全")
    return Check(name="packages", good=not missing, what=what, next=f"pip install {' '.join(missing)}")


def _missing() -> Iterator[str]:
    """The packages of the core that are not installed."""
    for line in requires("bedside") or ():
        if "extra ==" in line:
            continue
        name = _NAME.match(line)[0]  # type: ignore[index]
        try:
            distribution(name)
        except PackageNotFoundError:
            yield name


def _models() -> Check:
    """Whether there is an encoder and a decoder to fit a model from, without another download."""
    specs = [registry.load("backbones", name) for name in registry.names("backbones")]
    there = [spec.name for spec in specs if spec.installed() and spec.megabytes]
    what = ", ".join(there) if there else tr("no pretrained network is installed", "未安装预训练网络")
    return Check(name="models", good=bool(there), what=what, next="bedside backbones")


def _home() -> Check:
    folder = home()
    there = folder if folder.exists() else next(parent for parent in folder.parents if parent.exists())
    good = os.access(there, os.W_OK)
    return Check(name="home", good=good, what=str(folder), next="BEDSIDE_HOME=FOLDER")


def _clock() -> Check:
    """A clock before this release was made, or one that stands still, spoils logins, tokens and the audit log."""
    now, ticks = time.time(), time.monotonic()
    good = now > EARLIEST and time.monotonic() >= ticks
    return Check(
        name="clock",
        good=good,
        what=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        next=tr("set the clock (NTP)", "校准系统时钟（NTP）"),
    )


def _disk(folder: Path) -> Check:
    there = folder if folder.exists() else next(parent for parent in folder.resolve().parents if parent.exists())
    free = shutil.disk_usage(there).free
    good = free >= FREE_BYTES
    return Check(
        name="disk",
        good=good,
        what=tr(f"{free // 2**20} MiB free", f"剩余 {free // 2**20} MiB"),
        next=tr("at least 2 GiB", "至少 2 GiB"),
    )


def _container(kind: str, data: Path | None) -> Check:
    """Whether what must be kept is on a volume, and what must be written can be: the rest goes with the container."""
    shut, fleeting = locked([home(), Path(tempfile.gettempdir()), *([data] if data else [])]), unkept(data or home())
    what = tr(f"{kind}, all written to volumes", f"{kind}，写入均在挂载卷")
    if shut:
        what = tr(f"{kind}; read-only: {', '.join(map(str, shut))}", f"{kind}；只读：{'、'.join(map(str, shut))}")
    elif fleeting:
        what = tr(f"{kind}; gone with it: {data or home()}", f"{kind}；容器删除后丢失：{data or home()}")
    return Check(name="container", good=not shut and not fleeting, what=what, next=tr("mount a volume", "挂载数据卷"))


def _absent(data: Path) -> Check:
    what = tr("no such folder", "目录不存在")
    return Check(name="data folder", good=False, what=what, next=f"bedside serve --data {data}")


def _private(data: Path) -> Check:
    """Whether the folder and all that lies in it are their owner's alone."""
    open_ones = [path for path in (data, *sorted(data.rglob("*"))) if _others(path)]
    what = (
        tr(f"{len(open_ones)} open to others", f"{len(open_ones)} 项对其他用户开放")
        if open_ones
        else tr("its owner's alone", "仅限所有者")
    )
    return Check(name="data folder", good=not open_ones, what=what, next=f"chmod -R go= {data}")


def _others(path: Path) -> bool:
    return os.name == "posix" and bool(stat.S_IMODE(path.lstat().st_mode) & 0o077)


def _key(data: Path, key_file: Path | None) -> Check:
    from bedside.clinic.keys.keyring import VARIABLE, key_place

    path = key_place(key_file, data)
    if path is None:
        return Check(name="master key", good=True, what=VARIABLE)
    if not path.is_file():
        what = tr(f"{path} is missing", f"缺少 {path}")
        return Check(name="master key", good=False, what=what, next="--key-file FILE")
    return Check(name="master key", good=not _others(path), what=str(path), next=f"chmod 600 {path}")


def _database(data: Path, url: str | None, key_file: Path | None) -> Check:
    """Whether the store opens, and the key fits it."""
    from bedside.clinic.open import open_clinic

    with open_clinic(data, database=url, key_file=key_file) as clinic:
        count = clinic.records.count()
        clinic.records.search(limit=1)
        clinic.database.check()
    return Check(name="database", good=True, what=tr(counted(count, "patient"), f"{count} 位患者"))


def _audit(data: Path) -> Check:
    from bedside.clinic.audit.read import AuditReader

    found = AuditReader(data / "audit").verify()
    what = tr(f"{found.lines} lines, unchanged", f"{found.lines} 行，未被改动")
    if not found.good:
        what = tr(f"{found.unsigned} lines without a signature", f"{found.unsigned} 行未签名")
    return Check(name="audit", good=found.good, what=what, next=f"bedside audit verify --data {data}")
