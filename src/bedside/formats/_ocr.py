"""Text out of a picture, Chinese and English, with the models that the rapidocr wheel ships; nothing is downloaded."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from bedside.errors import MissingExtra
from bedside.formats._charts.draft import clean

SAME_LINE = 0.5
"""Two boxes stand on one line when their middles differ by less than this share of the smaller height."""

WIDE_GAP = 1.0
"""A gap wider than this many text heights separates columns of a line, as in a table of results."""


class NoOcr(Exception):
    """OCR is not installed, or its models are not in the package."""


def read_image(picture: Any) -> str:
    """The text of a PIL image, line by line from the top, each line from the left.

    Raises `NoOcr` with the install line when rapidocr or its models are missing.
    """
    import numpy as np

    colours = np.asarray(picture.convert("RGB"))[:, :, ::-1]
    found = _engine()(np.ascontiguousarray(colours))
    if found.boxes is None or found.txts is None:
        return ""
    boxes = [(np.asarray(box), text) for box, text in zip(found.boxes, found.txts, strict=True)]
    pieces = [Piece.of(box, text) for box, text in boxes if text.strip()]
    return clean("\n".join(in_lines(pieces)))


class Piece:
    """A recognised stretch of text with its middle, height and horizontal extent, in pixels."""

    __slots__ = ("height", "left", "middle", "right", "text")

    def __init__(self, left: float, right: float, middle: float, height: float, text: str) -> None:
        self.left, self.right, self.middle, self.height, self.text = left, right, middle, height, text

    @classmethod
    def of(cls, box: Any, text: str) -> Piece:
        """From the four corners of a box, [4, 2]."""
        left, top = box.min(axis=0)
        right, bottom = box.max(axis=0)
        return cls(float(left), float(right), float(top + bottom) / 2, float(bottom - top), text)


def in_lines(pieces: list[Piece]) -> list[str]:
    """The pieces in reading order: those of one height form a line; wide gaps become two spaces.

    >>> in_lines([Piece(200, 260, 11, 10, "g/L"), Piece(0, 80, 10, 10, "Hb"), Piece(0, 80, 40, 10, "WBC")])
    ['Hb  g/L', 'WBC']
    """
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        last = lines[-1] if lines else []
        near = last and abs(piece.middle - _middle(last)) < SAME_LINE * min(piece.height, last[-1].height)
        if near:
            last.append(piece)
        else:
            lines.append([piece])
    return [_joined(sorted(line, key=lambda piece: piece.left)) for line in lines]


def _middle(line: list[Piece]) -> float:
    return sum(piece.middle for piece in line) / len(line)


def _joined(line: list[Piece]) -> str:
    text = line[0].text
    for before, after in pairwise(line):
        wide = after.left - before.right > WIDE_GAP * before.height
        text += ("  " if wide else " ") + after.text
    return text


@cache
def _engine() -> Any:
    """The recogniser with the wheel's own models; refused rather than let it fetch others."""
    try:
        import rapidocr
    except ImportError:
        raise NoOcr(str(MissingExtra("rapidocr", "ocr"))) from None
    models = {path.name for path in (Path(rapidocr.__file__).parent / "models").glob("*.onnx")}
    if not all(any(part in name for name in models) for part in ("_det_", "_rec_", "_cls_")):
        raise NoOcr(str(MissingExtra("rapidocr", "ocr")))
    return rapidocr.RapidOCR(params={"Global.log_level": "critical"})
