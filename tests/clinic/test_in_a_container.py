"""The doctor in a container: what is read-only, and what would be gone with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.clinic import doctor
from bedside.clinic._database import read_address
from bedside.clinic.contained import container, locked, unkept
from bedside.errors import ClinicError
from bedside.lang import speaking

MOUNTS = """overlay / overlay rw 0 0
tmpfs /tmp tmpfs rw 0 0
/dev/sdb1 /data ext4 rw 0 0
/dev/sdb1 /my\\040data xfs rw 0 0
"""


@pytest.mark.parametrize(("mark", "kind"), [(".dockerenv", "docker"), ("run/.containerenv", "podman"), (None, None)])
def test_a_container_is_known_by_its_mark(mark: str | None, kind: str | None, tmp_path: Path) -> None:
    if mark:
        (tmp_path / mark).parent.mkdir(exist_ok=True)
        (tmp_path / mark).touch()
    assert container({}, tmp_path) == kind


@pytest.mark.parametrize(
    ("folder", "gone"),
    [("/data/clinic", False), ("/my data/clinic", False), ("/tmp/clinic", True), ("/srv/clinic", True)],
)
def test_what_lies_on_a_volume_is_kept_and_what_does_not_is_gone(folder: str, gone: bool, tmp_path: Path) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    assert unkept(Path(folder), tmp_path / "mounts") is gone


def test_outside_of_linux_nothing_is_said_to_be_gone(tmp_path: Path) -> None:
    assert not unkept(Path("/data"), tmp_path / "no mounts here")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shut = tmp_path / "shut"
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != shut)
    shut.mkdir()
    assert locked([tmp_path, shut, tmp_path / "open" / "later", shut / "later"]) == [shut, shut / "later"]


@pytest.mark.parametrize(("lang", "said"), [("en", "gone with it"), ("zh", "容器删除后丢失")])
def test_the_doctor_warns_of_data_in_the_containers_own_layer(
    lang: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "container", lambda: "docker")
    monkeypatch.setattr(doctor, "unkept", lambda folder: folder == tmp_path)
    with speaking("zh" if lang == "zh" else "en"):
        found = {check.name: check for check in doctor.examine(tmp_path)}["container"]
        assert (found.good, said in found.what) == (False, True)
    monkeypatch.setattr(doctor, "unkept", lambda folder: False)
    assert {check.name: check for check in doctor.examine(tmp_path)}["container"].good


def test_outside_of_a_container_the_doctor_says_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "container", lambda: None)
    assert "container" not in {check.name for check in doctor.examine()}


def test_the_databases_address_may_lie_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "database"
    secret.write_text("postgresql://bedside:word@db/bedside\n")
    assert read_address(f"@{secret}") == "postgresql://bedside:word@db/bedside"
    with pytest.raises(ClinicError, match="cannot be read"):
        read_address(f"@{tmp_path / 'none'}")
