"""Files that hold no chart that can be read, known by their first bytes: what each is, and what to do with it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from bedside.errors import FormatError
from bedside.lang import tr

Known = tuple[str, str, str]
"""What a file is, in English and in Chinese, and the name in `NEXT` of what to do with it."""

NEXT = {
    "picture": (
        "convert it to PNG or PDF, then: bedside import FILE.png",
        "转换为 PNG 或 PDF 后：bedside import FILE.png",
    ),
    "document": (
        "save it as PDF or text, then: bedside import FILE.pdf",
        "另存为 PDF 或文本后：bedside import FILE.pdf",
    ),
    "sheet": (
        "save it as CSV or Excel, then: bedside import FILE.csv",
        "另存为 CSV 或 Excel 后：bedside import FILE.csv",
    ),
    "unlock": (
        "open it with its password and save it without, then: bedside import FILE",
        "用密码打开并另存为无密码文件后：bedside import FILE",
    ),
    "unpack": ("unpack it, then: bedside import FOLDER", "解压后：bedside import FOLDER"),
    "report": (
        "bedside reads the report, not the images: export it as text, PDF or HL7, then: bedside import REPORT.pdf",
        "bedside 读取报告而非影像：请将报告导出为文本、PDF 或 HL7 后：bedside import REPORT.pdf",
    ),
    "sr": (
        "turn it into a page (DCMTK: dsr2html FILE REPORT.html), then: bedside import REPORT.html",
        "转换为网页（DCMTK：dsr2html FILE REPORT.html）后：bedside import REPORT.html",
    ),
    "dicom_pdf": (
        "take the PDF out (DCMTK: dcm2pdf FILE REPORT.pdf), then: bedside import REPORT.pdf",
        "取出其中的 PDF（DCMTK：dcm2pdf FILE REPORT.pdf）后：bedside import REPORT.pdf",
    ),
    "genes": (
        "beside a case's findings: bedside diagnose CASE --vcf FILE.vcf.gz",
        "与病例的表型一同使用：bedside diagnose CASE --vcf FILE.vcf.gz",
    ),
    "words": ("write down what is said, then: bedside import FILE.txt", "转写为文本后：bedside import FILE.txt"),
    "export": (
        "export its tables as CSV, then: bedside import FILE.csv",
        "将其中的表导出为 CSV 后：bedside import FILE.csv",
    ),
}

SCAN = ("a medical image (%s)", "医学影像（%s）", "report")
PICTURE = ("a picture of a kind that is not read (%s)", "不支持的图片类型（%s）", "picture")
SEQUENCES = ("genetic data (%s), not a chart", "基因数据（%s），不是病历", "genes")
SOUND = ("sound or film (%s)", "音频或视频（%s）", "words")
ARCHIVE = ("an archive of a kind that is not unpacked (%s)", "不支持的压缩包类型（%s）", "unpack")
DATABASE = ("a data file (%s)", "数据文件（%s）", "export")
PAGES = ("a document of a kind that is not read (%s)", "不支持的文档类型（%s）", "document")

MARKS: tuple[tuple[int, bytes, Known, str], ...] = (
    (344, b"n+1\0", SCAN, "NIfTI"),
    (0, b"NRRD000", SCAN, "NRRD"),
    (0, b"##fileformat=VCF", SEQUENCES, "VCF"),
    (0, b"BCF\x02", SEQUENCES, "BCF"),
    (0, b"BAM\x01", SEQUENCES, "BAM"),
    (0, b"CRAM", SEQUENCES, "CRAM"),
    (4, b"ftypheic", PICTURE, "HEIC"),
    (4, b"ftypheix", PICTURE, "HEIC"),
    (4, b"ftypmif1", PICTURE, "HEIF"),
    (4, b"ftypavif", PICTURE, "AVIF"),
    (0, b"\0\0\0\x0cjP  ", PICTURE, "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", PICTURE, "JPEG 2000"),
    (0, b"\0\0\0\x0cJXL ", PICTURE, "JPEG XL"),
    (0, b"\xff\x0a", PICTURE, "JPEG XL"),
    (0, b"8BPS", PICTURE, "Photoshop"),
    (0, b"AT&TFORM", PICTURE, "DjVu"),
    (0, b"\xd7\xcd\xc6\x9a", PICTURE, "WMF"),
    (40, b" EMF", PICTURE, "EMF"),
    (0, b"%!PS", PAGES, "PostScript"),
    (4, b"ftyp", SOUND, "MP4"),
    (0, b"ID3", SOUND, "MP3"),
    (0, b"OggS", SOUND, "Ogg"),
    (8, b"WAVE", SOUND, "WAV"),
    (0, b"Rar!\x1a\x07", ARCHIVE, "RAR"),
    (0, b"7z\xbc\xaf\x27\x1c", ARCHIVE, "7z"),
    (0, b"SQLite format 3\0", DATABASE, "SQLite"),
    (0, b"\x89HDF\r\n\x1a\n", DATABASE, "HDF5"),
)
STRUCTURED_REPORT = b"1.2.840.10008.5.1.4.1.1.88."
ENCAPSULATED_PDF = b"1.2.840.10008.5.1.4.1.1.104.1"
"""SOP class UIDs (DICOM PS3.6, annex A)."""

OFFICE = {
    "word/": ("a Word document", "Word 文档", "document"),
    "ppt/": ("a PowerPoint document", "PowerPoint 文档", "document"),
    "visio/": ("a Visio drawing", "Visio 图", "document"),
}
OPEN = {
    "application/vnd.oasis.opendocument.text": ("an OpenDocument text", "OpenDocument 文本", "document"),
    "application/vnd.oasis.opendocument.presentation": (
        "an OpenDocument presentation",
        "OpenDocument 演示文稿",
        "document",
    ),
    "application/epub+zip": ("an e-book (EPUB)", "电子书（EPUB）", "document"),
}
STREAMS = {
    "EncryptedPackage": ("an Office document locked by a password", "有密码保护的 Office 文档", "unlock"),
    "WordDocument": ("a Word document (before 2007)", "Word 文档（2007 年之前的格式）", "document"),
    "PowerPoint Document": ("a PowerPoint document (before 2007)", "PowerPoint 文档（2007 年之前的格式）", "document"),
    "__properties_version1.0": ("an Outlook message", "Outlook 邮件", "document"),
}
WORDY = (b"##fileformat=VCF", b"NRRD000", b"%!PS")
"""Marks of files that begin as text; every other one counts only where a zero byte shows that the file is no text."""

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refuse_foreign(path: Path, start: bytes) -> None:
    """Raise FormatError for a file whose first bytes `start`, uncompressed, say that it is none of ours.

    >>> refuse_foreign(Path("scan.txt"), bytes(128) + b"DICM")
    Traceback (most recent call last):
    bedside.errors.FormatError: a DICOM file: an image or what was measured on one. Next: ...
    """
    known = _known(path, start)
    if known:
        english, chinese, todo = known
        raise FormatError(tr(english, chinese), next=tr(*NEXT[todo]))


def _known(path: Path, start: bytes) -> Known | None:
    if start.startswith(b"PK\x03\x04"):
        return _in_zip(path)
    if start.startswith(COMPOUND):
        return next((STREAMS[name] for name in _streams(path) if name in STREAMS), None)
    bare = start[:2] == b"\x08\0" and start[3:4] == b"\0"  # elements of group 0008, without the opening and mark
    if bare or start[128:132] == b"DICM":
        return _dicom(start)
    is_text = b"\0" not in start[:1024]
    for at, mark, (english, chinese, todo), name in MARKS:
        if start[at : at + len(mark)] == mark and (mark in WORDY or not is_text):
            return english % name, chinese % name, todo
    return None


def _dicom(start: bytes) -> Known:
    if ENCAPSULATED_PDF in start[:4096]:
        return "a PDF inside a DICOM file", "DICOM 文件中的 PDF", "dicom_pdf"
    if STRUCTURED_REPORT in start[:4096]:
        return "a structured report (DICOM)", "结构化报告（DICOM）", "sr"
    return "a DICOM file: an image or what was measured on one", "DICOM 文件：影像或影像测量数据", "report"


def _in_zip(path: Path) -> Known | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if names[:1] == ["mimetype"] and archive.getinfo("mimetype").file_size < 200:
                return OPEN.get(archive.read("mimetype").decode("ascii", "replace").strip())
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((known for folder, known in OFFICE.items() if any(name.startswith(folder) for name in names)), None)


def _streams(path: Path) -> Iterator[str]:
    """The names in the first sectors of a compound file's directory ([MS-CFB] 2.2 and 2.6.1)."""
    with path.open("rb") as file:
        header = file.read(76)
        size = 1 << min(int.from_bytes(header[30:32], "little"), 16)
        file.seek((int.from_bytes(header[48:52], "little") + 1) * size)
        directory = file.read(max(size, 4096))
    for at in range(0, len(directory) - 127, 128):
        length = int.from_bytes(directory[at + 64 : at + 66], "little")
        yield directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
