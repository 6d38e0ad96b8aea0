"""PDF: the text layer is read page by page, a page that is a picture goes to OCR, a locked file is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.errors import FormatError
from bedside.formats import pdf
from bedside.formats._base import Problem, ReadOptions
from bedside.formats._ocr import NoOcr
from bedside.types import RawChart

pytest.importorskip("pypdfium2")


def layered(*pages: str, trailer: str = "") -> bytes:
    """A PDF with a line of text on each page, written by hand."""
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    parts = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"]
    for n, text in enumerate(pages):
        font = "<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + 2 * n} 0 R /Resources {font} >>"
        )
        stream = f"BT /F 24 Tf 72 720 Td ({text}) Tj ET" if text else ""
        parts.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    body = "%PDF-1.4\n" + "".join(f"{n} 0 obj\n{part}\nendobj\n" for n, part in enumerate(parts, 1))
    return (body + f"trailer << /Root 1 0 R {trailer} >>\n%%EOF").encode()


def read(folder: Path, data: bytes) -> list[RawChart | Problem]:
    path = folder / "letter.pdf"
    path.write_bytes(data)
    return list(pdf.FORMAT.read(path, ReadOptions()))


def test_the_pages_of_a_letter_become_one_document_in_order(tmp_path: Path) -> None:
    (chart,) = read(tmp_path, layered("Denies chest pain", "Chest pain since Monday"))
    assert chart.entries[0].text == "Denies chest pain\n\nChest pain since Monday"


def test_a_blank_page_is_no_problem_but_a_letter_of_blank_pages_is_refused(tmp_path: Path) -> None:
    (chart,) = read(tmp_path, layered("Chest pain", ""))
    assert chart.entries[0].text == "Chest pain"
    with pytest.raises(FormatError):
        read(tmp_path, layered("", ""))


def test_a_broken_file_is_refused_and_does_not_crash(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="not a PDF"):
        read(tmp_path, b"%PDF-1.7\nnothing here")


def scanned(folder: Path, text: str) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("RGB", (1240, 400), "white")
    ImageDraw.Draw(page).text((80, 120), text, fill="black", font=ImageFont.load_default(48))
    page.save(folder / "scan.pdf", resolution=150)
    return (folder / "scan.pdf").read_bytes()


def test_a_scanned_page_is_read_by_ocr(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    (chart,) = read(tmp_path, scanned(tmp_path, "Hemoglobin 120 g/L"))
    assert "Hemoglobin 120" in chart.entries[0].text


def test_without_ocr_a_scanned_page_is_a_problem_with_the_install_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(picture: object) -> str:
        raise NoOcr("pip install 'bedside[ocr]'")

    monkeypatch.setattr(pdf, "read_image", missing)
    found = list(pdf.pages_of(scanned(tmp_path, "Hemoglobin")))
    assert isinstance(found[0], Problem)
    assert found[0].place == "page 1"
    assert "bedside[ocr]" in found[0].what


def test_a_locked_letter_is_refused_as_locked(tmp_path: Path) -> None:
    key = "<00112233445566778899aabbccddeeff>"
    lock = f"/ID [{key} {key}] /Encrypt << /Filter /Standard /V 1 /R 2 "
    lock += f"/O <{'00' * 32}> /U <{'11' * 32}> /P -4 >>"
    with pytest.raises(FormatError, match="password"):
        read(tmp_path, layered("Chest pain", trailer=lock))


def test_more_pages_than_the_limit_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    first, problem = pdf.pages_of(layered("one", "two"))
    assert first == "one"
    assert isinstance(problem, Problem)
