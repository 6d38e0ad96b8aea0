"""Scanned pages as pictures (PNG, JPEG, TIFF of several pages, BMP), read by OCR; one file is one document."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

from bedside.errors import FormatError
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._ocr import NoOcr, read_image
from bedside.formats.text import one_note
from bedside.lang import tr
from bedside.types import RawChart

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
MARKS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM")
KINDS = ("PNG", "JPEG", "TIFF", "BMP")
MAX_PIXELS = 60_000_000
MAX_PAGES = 200


def sniff(head: bytes, name: str) -> bool:
    """A picture by its first bytes, or by its name."""
    return head.startswith(MARKS[:4]) or name.lower().endswith(SUFFIXES)


def read(path: Path, options: ReadOptions) -> Iterator[RawChart | Problem]:
    """One chart with one DocumentReference holding the text of all its pages."""
    texts: list[str] = []
    for part in _pages(path):
        if isinstance(part, Problem):
            yield part
        else:
            texts.append(part)
    yield one_note(path, "\n\n".join(text for text in texts if text), tr("no text was found", "未识别到文字"))


def _pages(path: Path) -> Iterator[str | Problem]:
    """The text of each page; the size is checked before any pixel is decoded."""
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=KINDS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise FormatError(
                    tr("too many pixels", "像素过多"), where=path.name, allowed=f"<= {MAX_PIXELS // 1_000_000} MP"
                )
            for number, page in enumerate(ImageSequence.Iterator(picture), 1):
                place = tr(f"page {number}", f"第 {number} 页")
                if number > MAX_PAGES or page.width * page.height > MAX_PIXELS:
                    yield Problem(place, tr("too large, or too many pages; not read on", "页面过大或过多；不再读取"))
                    return
                yield read_image(ImageOps.exif_transpose(page))
    except NoOcr as missing:
        raise FormatError(str(missing), where=path.name) from None
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise FormatError(tr("not a picture, or damaged", "不是图片，或已损坏"), where=path.name) from None


FORMAT = Format(name="image", suffixes=SUFFIXES, sniff=sniff, read=read)
