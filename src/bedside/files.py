"""Files and folders that appear whole or not at all; files by their owner alone: they may hold text from charts."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import IO, Any

from bedside.errors import DataError, UsageError
from bedside.lang import tr


def check_out(
    path: Path, inputs: Iterable[Path | None] = (), *, folder: bool = False, whole: Iterable[Path | None] = ()
) -> None:
    """Refuse an output that cannot be written, and make the folders it goes into; call it before the work starts.

    `inputs` are the other files of the command, which the output must not be, under any name or link; None is skipped.
    `whole` are folders none of whose files it may be: a model, say. With `folder`, the output is a folder, which may be
    there already and is not made here. Raises UsageError.

    >>> check_out(Path("out.jsonl"), inputs=[Path("notes.csv"), None])
    >>> check_out(Path("notes.csv"), inputs=[Path("./notes.csv")])
    Traceback (most recent call last):
    bedside.errors.UsageError: the same file or folder is named twice and would be overwritten: notes.csv. ...
    """
    try:
        _check_kind(path, folder=folder)
        lost = any(_same(path, other) for other in inputs if other is not None)
        if lost or any(_part_of(path, other) for other in whole if other is not None):
            what = "the same file or folder is named twice and would be overwritten"
            raise _elsewhere(tr(what, "同一文件或目录被指定两次，会被覆盖"), path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(path if path.is_dir() else path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        place = f"{_shown(path)} ({error.strerror})"
        raise UsageError(tr("cannot write there", "无法写入该处"), value=place) from error


def check_folder(folder: Path, ours: Iterable[str], *, strange: str, there: str, replace: bool) -> None:
    """Refuse to write over a folder that is neither empty nor one of `ours` that the user wants replaced.

    `ours` are the files by which a folder of the kind is known; `strange` is said of any other, `there` of one of them.
    Raises UsageError.

    >>> check_folder(Path("not/there/yet"), ["model.json"], strange="no model", there="a model", replace=False)
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not all((folder / name).is_file() for name in ours):
        raise UsageError(strange, value=str(folder), next=tr("choose another folder", "请另选目录"))
    if not replace:
        raise UsageError(there, value=str(folder), next="--force")


def _check_kind(path: Path, *, folder: bool) -> None:
    """Raise UsageError when something stands there that is not of the kind to be written."""
    if not path.exists() or (path.is_dir() if folder else path.is_file() and not _is_stdout(path)):
        return
    if folder:
        what = tr("a file stands where the folder should go", "输出目录的位置是一个文件")
    elif path.is_dir():
        what = tr("a folder stands where the file should go", "输出位置是一个文件夹")
    elif path.is_file():
        raise UsageError(tr("standard output goes there already", "标准输出已写往该处"), value=path, next="-o -")
    else:
        what = tr("not a plain file, so it cannot be written over", "不是普通文件，无法覆盖")
    raise _elsewhere(what, path)


def _is_stdout(path: Path) -> bool:
    """Whether the shell sends standard output to that file, as `/dev/stdout` or by its own name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(sys.__stdout__.fileno())) if sys.__stdout__ else False
    except (OSError, ValueError):  # standard output is closed
        return False


def _elsewhere(what: str, path: Path) -> UsageError:
    return UsageError(what, value=_shown(path), next=tr("choose another output", "请另选输出位置"))


def _same(one: Path, other: Path) -> bool:
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    return one.exists() and other.exists() and one.samefile(other)


def _part_of(path: Path, whole: Path) -> bool:
    """Whether it is a file that is there, in that folder or below."""
    real = Path(os.path.realpath(path))
    return real.exists() and Path(os.path.realpath(whole)) in real.parents


def _shown(path: Path) -> Path:
    """The path as given; in full where it is only dots, which say nothing in a sentence."""
    return Path(os.path.realpath(path)) if path.name in ("", "..") else path


@contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """A stream whose text appears under `path`, mode 0600, only when the block ends well; a link stays one.

    Raises UsageError when a folder stands there, DataError when nothing can be written.
    """
    check_out(path)
    path = behind_links(path)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=unfinished_prefix(path))
    except OSError as error:
        raise DataError(tr("cannot write there", "无法写入该处"), value=path) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def behind_links(path: Path) -> Path:
    """The file that a link stands for, so that the file is replaced and the link stays."""
    return Path(os.path.realpath(path))


def unfinished_prefix(path: Path) -> str:
    """How the name of what becomes `path` begins; of a long name only so much that its end still fits the disk.

    >>> unfinished_prefix(Path("charts.jsonl"))
    '.charts.jsonl.'
    """
    return f".{path.name[:60]}."


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A fresh folder that takes the place of `folder` when the block ends well; what was there is then gone."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        fresh.chmod(0o755)
        yield fresh
        old = fresh.with_name(fresh.name + ".old")
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def hold(file: IO[Any], path: Path, *, patience_s: float = 0.0) -> None:
    """Keep the open file at `path` to this process, and those that inherit it, until it is closed.

    `patience_s`: how long others, who may be ending, are waited for. Raises UsageError when they still have it then.
    Where the system or the disk has no such locks, the user must see to it.
    """
    try:
        import fcntl
    except ImportError:
        return
    end = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held = True
        except OSError:
            return
        else:  # the one before may have moved or removed the file meanwhile
            held = not (path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno())))
        if not held:
            return
        if time.monotonic() >= end:
            raise UsageError(tr("another process is at work there", "另一进程正在该处运行"), value=path)
        time.sleep(0.2)


def cached_folder(folder: Path, make: Callable[[Path], None]) -> Path:
    """`folder`, made by `make(temporary)` when it is not there yet; safe when two processes want it at once."""
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        make(fresh)
        try:
            fresh.rename(folder)
        except OSError:  # the other process was first: its folder holds the same bytes
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def package_file(package: str, inner: str) -> Path | None:
    """The path of a file that an installed distribution brought, or None.

    >>> package_file("no-such-package", "weights.bin") is None
    True
    """
    try:
        path = Path(str(distribution(package).locate_file(inner)))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None
