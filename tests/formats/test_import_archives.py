"""`bedside import` of archives: read like folders, never outside themselves, never without bound."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
from _imports import NOTES, run, write

from bedside.formats._files import archives, sources
from bedside.formats._files.sources import Refusal, Source, Sources


def packed(folder: Path) -> list[Path]:
    """One table as a zip named in Chinese by Windows, a tar.gz, a gz, and a zip in a zip."""
    source = write(folder / "notes.csv", NOTES)
    gz = write(folder / "in" / "1.csv.gz", gzip.compress(NOTES.encode()))
    with tarfile.open(folder / "in" / "2.tar.gz", "w:gz") as archive:
        archive.add(source, "deep/notes.csv")
    with zipfile.ZipFile(folder / "in" / "3.zip", "w") as zipped:
        zipped.write(source, "notes.csv")
    with zipfile.ZipFile(folder / "in" / "4.zip", "w") as outer:
        outer.write(folder / "in" / "3.zip", "inner.zip")
    return [gz, folder / "in" / "2.tar.gz", folder / "in" / "3.zip", folder / "in" / "4.zip"]


def test_archives_are_read_like_folders_and_leave_nothing_behind(tmp_path: Path) -> None:
    for path in packed(tmp_path):
        code, report, charts = run(tmp_path, path)
        assert (code, len(charts)) == (0, 2), path.name
        assert report["files"][0]["file"].startswith(str(path))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["charts.jsonl", "report.json"]


def test_an_archive_cannot_write_outside_or_bring_links_and_its_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../evil.csv", "/evil.csv", "C:\\evil.csv", "notes.csv"):
            archive.writestr(name, NOTES)
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    code, report, charts = run(tmp_path, path)
    assert (code, len(charts)) == (3, 2)
    assert [entry["status"] for entry in report["files"]] == ["refused", "refused", "refused", "read", "refused"]
    assert not list(tmp_path.parent.glob("evil*"))


def test_a_tar_with_links_and_devices_gives_its_regular_files_only(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "in.tar", "w") as archive:
        for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("device", tarfile.CHRTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        good = tarfile.TarInfo("notes.csv")
        good.size = len(NOTES)
        archive.addfile(good, io.BytesIO(NOTES.encode()))
    _, report, charts = run(tmp_path, tmp_path / "in.tar")
    assert [entry["status"] for entry in report["files"]] == ["refused", "refused", "refused", "read"]
    assert len(charts) == 2


def test_a_zip_bomb_is_stopped_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FREE_BYTES", 2**20)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.csv", b"0" * 40 * 2**20)
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as outer:
        outer.writestr("bomb.zip", bomb.getvalue())
    code, report, _ = run(tmp_path, tmp_path / "in.zip")
    assert code == 2
    assert "absurd" in report["files"][0]["problems"][0]["what"]


def test_archives_in_archives_are_opened_to_a_small_depth(tmp_path: Path) -> None:
    data = NOTES.encode()
    for _ in range(sources.MAX_DEPTH + 1):
        data = gzip.compress(data)
    code, report, _ = run(tmp_path, write(tmp_path / "notes.csv.gz", data))
    assert code == 2
    assert "deep" in report["files"][0]["problems"][0]["what"]


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    whole = packed_zip()
    for number, data in enumerate((whole[:40], gzip.compress(NOTES.encode())[:-9], b"PK\x05\x06")):
        code, report, _ = run(tmp_path, write(tmp_path / f"{number}.zip", data))
        assert code == 2
        assert report["files"][0]["status"] == "refused"


def packed_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("notes.csv", NOTES)
    return out.getvalue()


def test_members_are_handed_out_one_at_a_time(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for number in range(5):
            archive.writestr(f"{number}.csv", NOTES)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for source in Sources([str(tmp_path / "in.zip")], scratch):
        assert isinstance(source, Source)
        assert not isinstance(source, Refusal)
        assert [path.name for path in scratch.rglob("*.csv")] == [source.path.name]
    assert list(scratch.iterdir()) == []
