"""What an archive may do: how much it may unpack to, and which of its members are read, by name and kind."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from bedside.lang import tr

MAX_MEMBERS = 100_000
MAX_UNPACKED_BYTES = 50 * 2**30
MAX_RATIO = 200
FREE_BYTES = 64 * 2**20
"""Below this size no ratio is too high: a small file of blanks packs well."""


class TooBig(Exception):
    """An archive passed its limits."""


@dataclass(slots=True)
class Budget:
    """How much an archive may unpack to: members, bytes, bytes for each packed one; all counts outside too."""

    outer: Budget | None = None
    packed: int = 0
    unpacked: int = 0
    members: int = 0

    def of(self, packed: int) -> Budget:
        """Count one more member of that packed size."""
        self.packed += packed
        self.members += 1
        if self.members > MAX_MEMBERS:
            raise TooBig
        return self

    def spend(self, size: int) -> None:
        """Count unpacked bytes, refused beyond the limits."""
        self.unpacked += size
        too_dense = self.unpacked > max(FREE_BYTES, MAX_RATIO * self.packed)
        if too_dense or self.unpacked > MAX_UNPACKED_BYTES:
            raise TooBig
        if self.outer:
            self.outer.spend(size)


def zip_name(member: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag it is most often Chinese Windows that packed it."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def zip_fault(member: zipfile.ZipInfo) -> str:
    """Why a member of a ZIP is not read, or ""."""
    if member.flag_bits & 1:
        return tr("locked by a password", "有密码保护")
    mode = member.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        return tr("a link or a device in an archive", "压缩包中的链接或设备文件")
    return ""


def unsafe(inner: str) -> str:
    """Why a member of that name is not unpacked, or ""."""
    parts = PurePosixPath(inner.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or "\0" in inner:
        return tr("a path that leads out of the archive", "路径指向压缩包之外")
    return ""
