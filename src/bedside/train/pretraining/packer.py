"""Lays documents end to end in blocks of at most so many pieces, and writes the blocks out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.train.pretraining.words import CONTINUES, LAST, MARK, Flags

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Marks:
    """The ids that open a block (none for decoders) and close a document."""

    begin: tuple[int, ...]
    end: int


class Packer:
    """Documents in blocks of at most `size` pieces: cut at the ends of sentences, or run on."""

    def __init__(self, stem: Path, kind: np.dtype[Any], marks: Marks, size: int, whole_words: bool) -> None:
        self.stem, self.kind, self.marks, self.size = stem, kind, marks, size
        self.add = self._add_parts if whole_words else self._add_stream
        self.ids_file = stem.with_suffix(".ids").open("wb")
        self.flags_file = stem.with_suffix(".flags").open("wb")
        self.starts, self.documents = [0], 0
        self._open_block()

    def _open_block(self) -> None:
        self.ids = list(self.marks.begin)
        self.flags = [MARK] * len(self.ids)

    def _put(self, ids: Ids, flags: Flags, *, end: int | None) -> None:
        """Append a part and, with `end` as its flag, the end mark."""
        self.ids += ids.tolist()
        self.flags += flags.tolist()
        if end is not None:
            self.ids.append(self.marks.end)
            self.flags.append(end)

    def _flush(self) -> None:
        if len(self.ids) > len(self.marks.begin):
            self.ids_file.write(np.asarray(self.ids, self.kind).tobytes())
            self.flags_file.write(np.asarray(self.flags, np.uint8).tobytes())
            self.starts.append(self.starts[-1] + len(self.ids))
        self._open_block()

    def _add_parts(self, ids: Ids, flags: Flags, cuts: Ids) -> None:
        self.documents += 1
        done = 0
        while True:
            room = self.size - len(self.ids) - 1
            if len(ids) - done <= room:
                self._put(ids[done:], flags[done:], end=LAST)
                return
            fresh = len(self.ids) == len(self.marks.begin)
            stop = _last_cut(flags, cuts, done, room, hard=fresh)
            if stop > done:
                self._put(ids[done:stop], flags[done:stop], end=MARK)
            self._flush()
            done = stop

    def _add_stream(self, ids: Ids, flags: Flags, cuts: Ids) -> None:
        self.documents += 1
        ids = np.append(ids, self.marks.end)
        flags = np.append(flags, np.uint8(LAST))
        done = 0
        while done < len(ids):
            stop = done + self.size - len(self.ids)
            self._put(ids[done:stop], flags[done:stop], end=None)
            done = stop
            if len(self.ids) == self.size:
                self._flush()

    def close(self) -> dict[str, int]:
        """Write the last block; how many documents, blocks and pieces there are."""
        self._flush()
        self.ids_file.close()
        self.flags_file.close()
        np.save(self.stem.with_suffix(".starts.npy"), np.asarray(self.starts, np.int64))
        return {"documents": self.documents, "blocks": len(self.starts) - 1, "tokens": self.starts[-1]}


def _last_cut(flags: Flags, cuts: Ids, done: int, room: int, *, hard: bool) -> int:
    """Where to cut so that at most `room` pieces follow `done`: a sentence's end, else (if `hard`) a word's."""
    there = cuts[(cuts > done) & (cuts <= done + room)]
    if len(there):
        return int(there[-1])
    if not hard:
        return done
    words = np.flatnonzero(flags[done + 1 : done + room + 1] != CONTINUES)
    return done + 1 + int(words[-1]) if len(words) else done + room
