"""Which reader takes a file, and reading with it: the special formats are asked first, a plain text last."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path

from bedside import registry
from bedside.errors import BedsideError, FormatError
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._files.bytes import head
from bedside.formats._files.foreign import refuse_foreign
from bedside.lang import tr
from bedside.types import RawChart

GENERAL = ("table", "text")
"""Readers that take almost anything, and so are asked last, in this order."""


def candidates(path: Path, only: str | None = None) -> list[Format]:
    """The readers that would try this file, the likeliest first; `only` names the one to use.

    Raises `FormatError` for a file that is known to be none of ours, unless a reader is sure that it is its own.
    """
    if only:
        return [registry.load("formats", only)]
    start = head(path)
    special = _takers((name for name in registry.names("formats") if name not in GENERAL), start, path)
    if not any(reader.sure for reader in special):
        refuse_foreign(path, start)
    return special + _takers(GENERAL, start, path)


def _takers(names: Iterable[str], start: bytes, path: Path) -> list[Format]:
    return [reader for name in names if (reader := registry.load("formats", name)).sniff(start, path.name)]


def read_any(path: Path, options: ReadOptions, only: str | None = None) -> Iterator[tuple[str, RawChart | Problem]]:
    """Yield `(format, piece or problem)`; a reader that finds nothing usable leaves the file to the next one.

    Raises `FormatError` when no reader can use the file. What a reader doubts counts only once it gave a piece. A fault
    of our own is reported as a problem, by its kind and place in the code, so that one file cannot stop the others.
    """
    try:
        readers = candidates(path, only)
    except OSError as fault:
        raise FormatError(_unopened(fault)) from None
    refusals: dict[str, str] = {}
    for reader in readers:
        if reader.name in GENERAL and any(one.sure and one.name in refusals for one in readers):
            break
        given = False
        for piece in _tried(reader, path, options, refusals):
            given = True
            yield reader.name, piece
        if given:
            return
    if not readers:
        what = tr("no reader knows this kind of file", "没有可读取此类文件的程序")
        raise FormatError(f"{what} ({path.suffix or path.name})")
    raise FormatError("; ".join(dict.fromkeys(refusals.values())))


def _tried(reader: Format, path: Path, options: ReadOptions, refusals: dict[str, str]) -> Iterator[RawChart | Problem]:
    """What one reader gives, from its first piece on; without one, nothing, and its reason in `refusals`."""
    given, early = False, list[Problem]()
    try:
        for piece in reader.read(path, options):
            if not given and isinstance(piece, Problem):
                early.append(piece)
                continue
            yield from early
            early, given = [], True
            yield piece
        reason = early[0].what if early else tr("nothing to read in it", "没有可读取的内容")
    except FormatError as refusal:
        reason = _reason(refusal)
    except OSError as fault:
        reason = _unopened(fault)
    except BedsideError:
        raise
    except Exception as fault:
        reason = _own_fault(fault)
    else:
        if given:
            return
    refusals[reader.name] = reason
    if given:
        yield Problem(tr("whole file", "整个文件"), tr("the rest was not read: ", "其余未读取：") + reason)


def _reason(refusal: FormatError) -> str:
    parts = [refusal.what] + [str(part) for part in (refusal.value, refusal.allowed) if part is not None]
    return ": ".join(parts)


def _unopened(fault: OSError) -> str:
    return tr("cannot be opened: ", "无法打开：") + (fault.strerror or type(fault).__name__)


def _own_fault(fault: Exception) -> str:
    """The kind and the line of code of a fault; never its message, which may hold text from the file."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{type(fault).__name__}, {Path(last.filename).name}:{last.lineno}"
    return tr(f"our own fault ({where}); please report it", f"程序自身的错误（{where}）；请反馈")
