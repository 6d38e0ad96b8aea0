"""Pictures of pages: Chinese and English are read in the order of their lines, oversized pictures are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.errors import FormatError
from bedside.formats import image
from bedside.formats._base import ReadOptions
from bedside.formats._ocr import Piece, in_lines

pillow = pytest.importorskip("PIL.Image")
CJK_FONTS = ("Noto*CJK*Regular*", "*wqy*", "SourceHanSans*", "simsun*", "msyh*", "PingFang*", "DroidSansFallback*")
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)


def chinese_font() -> Path | None:
    """The first font with Chinese characters that the machine has."""
    files = (file for folder in FONT_FOLDERS for name in CJK_FONTS for file in sorted(Path(folder).rglob(name)))
    return next(files, None)


def page(lines: list[str], font: object) -> object:
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", (1000, 120 * len(lines) + 80), "white")
    for number, line in enumerate(lines):
        ImageDraw.Draw(sheet).text((60, 60 + 120 * number), line, fill="black", font=font)
    return sheet


def text_of(path: Path) -> str:
    (chart,) = image.FORMAT.read(path, ReadOptions())
    return chart.entries[0].text


def test_an_english_scan_is_read_line_by_line(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    from PIL import ImageFont

    page(["Chest pain since Monday", "Denies fever"], ImageFont.load_default(44)).save(tmp_path / "scan.png")
    assert text_of(tmp_path / "scan.png").lower().replace(" ", "") == "chestpainsincemonday\ndeniesfever"


def test_a_chinese_scan_of_two_pages_is_read_in_order(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    from PIL import ImageFont

    found = chinese_font()
    if found is None:
        pytest.skip("this machine has no font with Chinese characters to draw a page with")
    font = ImageFont.truetype(str(found), 44)
    first, second = page(["患者胸痛三天，否认发热", "血红蛋白 120 g/L"], font), page(["建议住院治疗"], font)
    first.save(tmp_path / "scan.tiff", save_all=True, append_images=[second])
    text = text_of(tmp_path / "scan.tiff")
    assert "胸痛三天" in text
    assert text.index("胸痛") < text.index("血红蛋白") < text.index("住院")


def test_boxes_of_a_results_table_are_joined_by_line_though_they_come_in_any_order() -> None:
    pieces = [
        Piece(300, 380, 52, 20, "3.9-6.1"),
        Piece(0, 90, 50, 20, "Glucose"),
        Piece(0, 90, 10, 20, "项目"),
        Piece(95, 140, 51, 20, "5.6"),
        Piece(300, 380, 12, 20, "参考"),
    ]
    assert in_lines(pieces) == ["项目  参考", "Glucose 5.6  3.9-6.1"]


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pillow.new("1", (2000, 2000)).save(tmp_path / "big.png")
    monkeypatch.setattr(image, "MAX_PIXELS", 1_000_000)
    with pytest.raises(FormatError, match="pixels"):
        text_of(tmp_path / "big.png")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\nbroken", b"no picture", b""])
def test_a_damaged_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "scan.png").write_bytes(data)
    with pytest.raises(FormatError):
        text_of(tmp_path / "scan.png")


def test_a_huge_but_valid_picture_is_called_too_large_and_told_what_is_allowed(tmp_path: Path) -> None:
    pillow.new("1", (30_000, 30_000)).save(tmp_path / "wall.png")
    with pytest.raises(FormatError) as refusal:
        text_of(tmp_path / "wall.png")
    assert "pixels" in refusal.value.what
    assert refusal.value.allowed == "<= 60 MP"


@pytest.mark.parametrize("name", ["scan.gif", "scan.webp"])
def test_the_first_frame_of_a_gif_or_webp_is_read_and_the_others_are_no_pages(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    widths = []
    monkeypatch.setattr(image, "read_image", lambda page: widths.append(page.width) or "Denies fever")
    frames = [pillow.new("RGB", (60, 40), shade) for shade in ("white", "black")]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
    assert image.FORMAT.sniff((tmp_path / name).read_bytes(), "scan")
    assert text_of(tmp_path / name) == "Denies fever"
    assert widths == [60]
