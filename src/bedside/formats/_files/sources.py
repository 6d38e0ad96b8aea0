"""What a user points at, as files to read: folders, globs and archives opened one member at a time, held to limits."""

from __future__ import annotations

import bz2
import glob
import gzip
import itertools
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from bedside.errors import UsageError
from bedside.formats._files.archives import Budget, TooBig, unsafe, zip_fault, zip_name
from bedside.formats._files.names import plain_name
from bedside.lang import tr

MAX_DEPTH = 3

OFFICE = ("[Content_Types].xml", "mimetype")
BLOCK = 2**20
DAMAGED = (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, OSError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: the name it is reported under, and where its bytes are until the next one is asked for."""

    name: str
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not read, and why."""

    name: str
    what: str


@dataclass(slots=True)
class Sources:
    """The files behind some paths; archives are unpacked into `scratch`, one member at a time.

    `hidden` counts what was skipped because its name begins with a dot.
    """

    paths: list[str]
    scratch: Path
    hidden: int = 0
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def __iter__(self) -> Iterator[Source | Refusal]:
        for word in self.paths:
            for path in _named(word):
                yield from self._walk(path, plain_name(str(path)), from_user=True)

    def total_bytes(self) -> int:
        """The size of what is named, for a progress bar; archives count as packed."""
        files = (file for word in self.paths for path in _named(word) for file in _plain_files(path))
        total = 0
        for file in files:
            with suppress(OSError):
                total += file.stat().st_size
        return total

    def _walk(self, path: Path, name: str, *, from_user: bool = False) -> Iterator[Source | Refusal]:
        if path.is_symlink() and not from_user:
            yield Refusal(name, tr("a symbolic link; name its target to read it", "符号链接；请直接指定其目标"))
        elif path.is_dir():
            try:
                children = sorted(path.iterdir())
            except OSError:
                yield Refusal(name, tr("a folder that cannot be opened", "无法打开的文件夹"))
                return
            for child in children:
                if child.name.startswith("."):
                    self.hidden += 1
                else:
                    yield from self._walk(child, f"{name.rstrip('/')}/{plain_name(child.name)}")
        elif not path.is_file():
            yield Refusal(name, tr("not a regular file", "不是普通文件"))
        else:
            yield from self._file(path, name, depth=0, outer=None)

    def _file(self, path: Path, name: str, depth: int, outer: Budget | None) -> Iterator[Source | Refusal]:
        try:
            kind = archive_kind(path)
            if kind is None:
                yield Source(name, path, path.stat().st_size)
            elif depth >= MAX_DEPTH:
                yield Refusal(name, tr("archives nested too deep", "压缩包嵌套过深"))
            else:
                opened = {"zip": self._zip, "tar": self._tar}.get(kind, self._single)
                yield from opened(path, name, depth, Budget(outer, packed=0 if kind == "zip" else path.stat().st_size))
        except TooBig:
            yield Refusal(
                name, tr("unpacks to an absurd size; the rest of it was not read", "解压后体积异常；其余未读取")
            )
        except DAMAGED:
            yield Refusal(name, tr("cannot be opened, or a damaged archive", "无法打开，或压缩包已损坏"))

    def _zip(self, path: Path, name: str, depth: int, budget: Budget) -> Iterator[Source | Refusal]:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.is_dir():
                    continue
                inner = zip_name(member)
                if why := unsafe(inner) or zip_fault(member):
                    yield Refusal(f"{name}!{plain_name(inner)}", why)
                elif self._is_hidden(inner):
                    self.hidden += 1
                else:
                    with archive.open(member) as stream:
                        yield from self._member(stream, inner, name, budget.of(member.compress_size), depth)

    def _tar(self, path: Path, name: str, depth: int, budget: Budget) -> Iterator[Source | Refusal]:
        with tarfile.open(path, "r:*") as archive:
            for member in archive:
                if member.isdir():
                    continue
                what = tr("a link or a device in an archive", "压缩包中的链接或设备文件")
                why = unsafe(member.name) or ("" if member.isfile() else what)
                stream = None if why else archive.extractfile(member)
                if stream is None:
                    yield Refusal(f"{name}!{plain_name(member.name)}", why)
                elif self._is_hidden(member.name):
                    self.hidden += 1
                else:
                    yield from self._member(stream, member.name, name, budget.of(0), depth)

    def _single(self, path: Path, name: str, depth: int, budget: Budget) -> Iterator[Source | Refusal]:
        opener = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}[archive_kind(path) or ".gz"]
        inner = path.name.removesuffix(path.suffix) if path.suffix in (".gz", ".bz2", ".xz") else path.name
        with opener(path) as stream:  # type: ignore[operator]
            yield from self._member(stream, inner, None, budget, depth, shown=name)

    def _member(
        self, stream: IO[bytes], inner: str, outer: str | None, budget: Budget, depth: int, *, shown: str = ""
    ) -> Iterator[Source | Refusal]:
        """Unpack one member, hand it out, and delete it when the next is asked for."""
        folder = self.scratch / str(next(self._numbers))
        folder.mkdir(mode=0o700)
        target = folder / (PurePosixPath(inner).name[-150:] or "member")
        try:
            with target.open("wb") as out:
                while block := stream.read(BLOCK):
                    budget.spend(len(block))
                    out.write(block)
            yield from self._file(target, shown or f"{outer}!{plain_name(inner)}", depth + 1, budget)
        finally:
            target.unlink(missing_ok=True)
            folder.rmdir()

    @staticmethod
    def _is_hidden(inner: str) -> bool:
        return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(inner).parts)


def _named(word: str) -> list[Path]:
    """The paths a word stands for: itself, or what its wildcards match."""
    path = Path(word).expanduser()
    if path.exists() or path.is_symlink():
        return [path]
    found = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(word) else []
    if not found:
        raise UsageError(tr("no such file or folder", "文件或文件夹不存在"), value=word)
    return [Path(name) for name in found]


def _plain_files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for folder, _, names in os.walk(path):
        yield from (file for name in names if (file := Path(folder, name)).is_file())


def archive_kind(path: Path) -> str | None:
    """ "zip", "tar", ".gz", ".bz2" or ".xz", by the first bytes; an Office document is no archive."""
    with path.open("rb") as stream:
        start = stream.read(512)
    packed = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\xfd7zXZ\x00": ".xz"}
    kind = next((kind for mark, kind in packed.items() if start.startswith(mark)), None)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        with zipfile.ZipFile(path) as archive:
            return None if set(OFFICE) & set(archive.namelist()) else "zip"
    if start[257:262] == b"ustar" or (kind and tarfile.is_tarfile(path)):
        return "tar"
    return kind
