"""PDF: the text layer page by page; a page that is only a picture goes to OCR; one file is one document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bedside.errors import FormatError, MissingExtra
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._charts.draft import clean
from bedside.formats._files.bytes import read_all
from bedside.formats._ocr import NoOcr, read_image
from bedside.formats.text import one_note
from bedside.lang import tr
from bedside.types import RawChart

MAX_BYTES = 512 * 2**20
MAX_PAGES = 2000
OCR_DPI = 200
MAX_OCR_PIXELS = 25_000_000
"""One page rendered for OCR: A4 at 200 dpi is 3.9 million pixels, A1 at 200 dpi 31 million."""

POINTS_PER_INCH = 72
PASSWORD_ERROR = 4
"""PDFium's FPDF_ERR_PASSWORD."""


def sniff(head: bytes, name: str) -> bool:
    """The mark stands in the first kilobyte; a file of that name without it is refused by `read`."""
    return b"%PDF-" in head[:1024] or name.lower().endswith(".pdf")


def read(path: Path, options: ReadOptions) -> Iterator[RawChart | Problem]:
    """One chart with one DocumentReference; a page that cannot be read is a `Problem`."""
    pages: list[str] = []
    for part in pages_of(read_all(path, MAX_BYTES), name=path.name):
        if isinstance(part, Problem):
            yield part
        else:
            pages.append(part)
    yield one_note(path, "\n\n".join(page for page in pages if page), tr("no readable page", "没有可读的页面"))


def pages_of(data: bytes, name: str = "PDF") -> Iterator[str | Problem]:
    """The text of each page in order; a locked or broken file is a `FormatError`."""
    document = _opened(data, name)
    try:
        count = len(document)
        for number in range(min(count, MAX_PAGES)):
            yield _page(document, number)
        if count > MAX_PAGES:
            what = tr(f"only the first {MAX_PAGES} pages were read", f"只读取了前 {MAX_PAGES} 页")
            yield Problem(_place(MAX_PAGES), what)
    finally:
        document.close()


def attached_pages(data: bytes) -> Iterator[str | Problem]:
    """The same for a PDF inside a record: what cannot be opened is a `Problem` of the record, not its end."""
    try:
        yield from pages_of(data)
    except (FormatError, MissingExtra) as refusal:
        yield Problem("PDF", str(refusal))


def _opened(data: bytes, name: str) -> Any:
    try:
        import pypdfium2
    except ImportError:
        raise MissingExtra("pypdfium2", "pdf") from None
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        if getattr(fault, "err_code", None) == PASSWORD_ERROR:
            what = tr(
                "the PDF is locked by a password; save it without, then import that",
                "PDF 有密码保护；请另存为无密码文件后导入",
            )
        else:
            what = tr("not a PDF, or damaged", "不是 PDF，或已损坏")
        raise FormatError(what, where=name) from None
    return document


def _page(document: Any, number: int) -> str | Problem:
    """The text layer, or OCR where there is none but the page is not blank."""
    import pypdfium2

    place = _place(number)
    try:
        page = document[number]
        text = clean(page.get_textpage().get_text_bounded().replace("\r\n", "\n"))
        if text:
            return text
        if not any(True for _ in page.get_objects(max_depth=2)):
            return ""
        width, height = page.get_size()
        scale = OCR_DPI / POINTS_PER_INCH
        if width * height * scale**2 > MAX_OCR_PIXELS:
            scale = (MAX_OCR_PIXELS / (width * height)) ** 0.5
        picture = page.render(scale=scale).to_pil()
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return Problem(place, tr("damaged page", "页面已损坏"))
    try:
        return read_image(picture)
    except NoOcr as missing:
        return Problem(place, tr("a page without text; ", "没有文字层的页面；") + str(missing))


def _place(number: int) -> str:
    return tr(f"page {number + 1}", f"第 {number + 1} 页")


FORMAT = Format(name="pdf", suffixes=(".pdf",), sniff=sniff, read=read)
