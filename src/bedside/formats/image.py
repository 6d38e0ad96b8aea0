"""Scanned pages as pictures (PNG, JPEG, TIFF of several pages, BMP, GIF, WebP), read by OCR; a file is one document."""

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

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp")
MARKS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8")
KINDS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
MOVING = ("GIF", "WEBP", "PNG")
"""Kinds whose further frames are an animation, not pages: only the first is read."""

MAX_PIXELS = 60_000_000
MAX_PAGES = 200


def sniff(head: bytes, name: str) -> bool:
    """A picture by its first bytes, or by its name."""
    bitmap = head[:2] == b"BM" and head[6:10] == b"\0\0\0\0"
    return bitmap or head.startswith(MARKS) or head[8:12] == b"WEBP" or name.lower().endswith(SUFFIXES)


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
                raise _too_large(path)
            for number, page in enumerate(ImageSequence.Iterator(picture), 1):
                place = tr(f"page {number}", f"第 {number} 页")
                if number > MAX_PAGES or page.width * page.height > MAX_PIXELS:
                    yield Problem(place, tr("too large, or too many pages; not read on", "页面过大或过多；不再读取"))
                    return
                yield read_image(ImageOps.exif_transpose(page))
                if picture.format in MOVING:
                    return
    except NoOcr as missing:
        raise FormatError(str(missing), where=path.name) from None
    except Image.DecompressionBombError:
        raise _too_large(path) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise FormatError(tr("not a picture, or damaged", "不是图片，或已损坏"), where=path.name) from None


def _too_large(path: Path) -> FormatError:
    what = tr("too large a picture: too many pixels", "图片过大：像素过多")
    return FormatError(what, where=path.name, allowed=f"<= {MAX_PIXELS // 1_000_000} MP")


FORMAT = Format(name="image", suffixes=SUFFIXES, sniff=sniff, read=read)
