"""Where a run of pretraining writes: the folder it makes, the work folder beside it, and whose run that is."""

from __future__ import annotations

import json
from pathlib import Path

from bedside.backbones._store import CONFIG
from bedside.config import PretrainRecipe
from bedside.errors import UsageError
from bedside.files import check_folder, whole_file
from bedside.lang import tr
from bedside.receipt import file_sha256
from bedside.train.alone import clear
from bedside.train.pretraining.corpus import open_corpus
from bedside.train.pretraining.documents import corpus_files

RECEIPT, RUN = "receipt.json", "run.json"


def check_backbone_place(folder: Path, *, replace: bool) -> None:
    """Refuse to write over anything that is not an empty folder, or a backbone of ours that the user wants replaced."""
    strange = tr(
        "exists and is not a pretrained backbone; it will not be overwritten", "已存在且不是预训练所得目录，不会覆盖"
    )
    there = tr("a backbone is there already", "该处已有骨干网络")
    check_folder(folder, (CONFIG, RECEIPT), strange=strange, there=there, replace=replace)


def hashes_of(recipe: PretrainRecipe) -> dict[str, str]:
    """SHA-256 of every file that decides the result, by its name within the corpus."""
    files: dict[str, Path] = {}
    for source in corpus_files(recipe.corpus, recipe.documents)[0]:
        files[source.name if source.name not in files else str(source.path)] = source.path
    if recipe.add_words not in (None, "auto"):
        files["--add-words"] = Path(str(recipe.add_words))
    return {name: file_sha256(path) for name, path in files.items()}


def claim(work: Path, run_id: str, *, replace: bool) -> None:
    """Take the work folder for this run; one of another run is refused, or cleared if the user says so."""
    if (work / RUN).is_file() and json.loads((work / RUN).read_text(encoding="utf-8")) != run_id:
        if open_corpus(work) and not replace:
            raise UsageError(
                tr("an unfinished run with another recipe or other texts is there", "该处有配方或文本不同的未完成训练"),
                value=str(work),
                next=tr(
                    "the same command as before to resume, or --force to start anew",
                    "用原命令继续，或用 --force 重新开始",
                ),
            )
        clear(work)
    with whole_file(work / RUN) as file:
        file.write(json.dumps(run_id))
