"""Models whose folder holds only what was learnt: their backbone found again, checked by hash, and shared by several.

MODEL/learnt.safetensors holds the tensors (`backbones/_learnt.py` says which), and `backbone` in model.json names what
they were learnt on: `where` it lies (a registered name, a folder, a hub name), `sha256` of its weights and `pieces` of
its vocabulary. Another backbone under the same name is refused: its answers would be another model's.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bedside.backbones._base import Backbone
from bedside.errors import BedsideError, ModelError, UsageError
from bedside.lang import tr

LEARNT = "learnt.safetensors"
INSIDE = "backbone"
"""Where the backbone lies of a model that writes and was merged: a folder within its own."""
ANOTHER = "--backbone-folder"
"""The option that names a backbone which was moved."""

Load = Callable[[str], Backbone]


@dataclass(frozen=True)
class Shelf:
    """Backbones in memory. Those of a hash in `shared` are held once, and several models lie around them.

    `instead` is a backbone's name or folder, in place of the one that a model's folder names.
    """

    instead: str | None = None
    shared: frozenset[str] = frozenset()
    held: dict[tuple[Any, ...], Backbone] = field(default_factory=dict, repr=False)


def shelf_for(settings: Sequence[dict[str, Any]], instead: str | None) -> Shelf:
    """A shelf for models with these model.json: what two of them or more were fitted on is shared."""
    bases = Counter(found["backbone"]["sha256"] for found in settings if is_apart(found))
    return Shelf(instead, frozenset(digest for digest, count in bases.items() if count > 1))


def is_apart(settings: dict[str, Any]) -> bool:
    """Whether the folder with this model.json needs another, its backbone's, to be opened."""
    base = settings.get("backbone")
    kept = isinstance(base, dict) and "sha256" in base and base.get("where") != INSIDE
    return kept and settings.get("engine") in ("torch", "causal")


def described(backbone: Backbone, name: str) -> dict[str, Any]:
    """What model.json keeps of a backbone loaded by `name`, to find it and know it again."""
    from bedside.backbones._learnt import SCALE
    from bedside.backbones._writer import weights_digest

    folder = Path(name).expanduser()
    where = str(folder.resolve()) if folder.is_dir() else name
    pieces = pieces_digest(backbone.tokenizer)
    return {"where": where, "sha256": weights_digest(backbone.network), "pieces": pieces, "scale": SCALE}


def pieces_digest(tokenizer: Any) -> str:
    """SHA-256 of a tokenizer's pieces and their ids."""
    found = hashlib.sha256()
    for piece, number in sorted(tokenizer.get_vocab().items(), key=lambda one: one[1]):
        found.update(f"{number} {piece}\n".encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def open_apart(folder: Path, settings: dict[str, Any], load: Load, shelf: Shelf) -> tuple[Backbone, dict[str, Any]]:
    """The backbone with what `folder` holds put on it, and the tensors of that; `load` loads a backbone by name."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from bedside.backbones._learnt import put_added, put_beside, put_in, view_of

    base = settings["backbone"]
    backbone = find_backbone(folder, base, load, shelf)
    network, scale = backbone.network, float(base["scale"])
    try:
        learnt = load_file(folder / LEARNT)
        if base["sha256"] in shelf.shared:
            network = view_of(network)
            put_beside(network, learnt, scale)
        else:
            put_in(network, learnt, scale)
        if "added" in base:
            put_added(network, learnt, base["added"])
    except (RuntimeError, OSError, SafetensorError, AttributeError, KeyError, TypeError, ValueError, UsageError):
        raise ModelError(
            tr("what was learnt is broken or does not fit its backbone", "所学权重已损坏或与骨干不符"),
            where=str(folder / LEARNT),
            next=tr("copy the folder again from where it was made", "请从生成处重新复制该目录"),
        ) from None
    return replace(backbone, network=network), learnt


def save_learnt(learnt: dict[str, Any], folder: Path) -> None:
    """Write learnt.safetensors."""
    from safetensors.torch import save_file

    save_file({name: value.detach().cpu().contiguous() for name, value in learnt.items()}, folder / LEARNT)


def place_of(folder: Path, where: str) -> str:
    """Where a backbone named in `folder` is now: there, or beside the folder, if both were moved together."""
    if where == INSIDE:
        return str(folder / INSIDE)
    beside = folder.resolve().parent / Path(where).name
    return str(beside) if Path(where).is_absolute() and not Path(where).is_dir() and beside.is_dir() else where


def find_backbone(folder: Path, base: dict[str, Any], load: Load, shelf: Shelf) -> Backbone:
    """The backbone itself, as it was when the fit began: on the shelf, or loaded and checked."""
    from bedside.backbones._nf4 import round_maps
    from bedside.backbones._table import halve_word_table

    bits = base.get("bits", 32)
    key = base["sha256"], base.get("pieces"), bits
    if key in shelf.held:
        return shelf.held[key]
    where = place_of(folder, str(base["where"]))
    if shelf.instead and base["where"] != INSIDE:
        where = shelf.instead
    try:
        backbone = load(where)
    except BedsideError as fault:
        raise ModelError(
            tr("the backbone this model was fitted on is not here", "找不到该模型所基于的骨干"),
            where=str(folder),
            value=where,
            next=_how_to_find(fault),
        ) from None
    _refuse_another(folder, base, backbone, where)
    backbone.network.requires_grad_(False)
    if bits == 4:
        round_maps(backbone.network)
    halve_word_table(backbone.network)
    if base["sha256"] in shelf.shared:
        shelf.held[key] = backbone
    return backbone


def is_base(base: dict[str, Any], backbone: Backbone) -> bool:
    """Whether a backbone, as it was loaded, is the one that `base` of a model.json tells of: weights and words."""
    from bedside.backbones._writer import weights_digest

    if base.get("pieces") not in (None, pieces_digest(backbone.tokenizer)):
        return False
    return weights_digest(backbone.network) == base["sha256"]


def _refuse_another(folder: Path, base: dict[str, Any], backbone: Backbone, where: str) -> None:
    if not is_base(base, backbone):
        raise ModelError(
            tr("the backbone here is not the one this model was fitted on", "此处的骨干与模型所基于的不同"),
            where=str(folder),
            value=where,
            allowed=f"sha256 {str(base['sha256'])[:12]}",
            next=tr(
                f"put the backbone back as it was, or name it: {ANOTHER} PATH", f"恢复原骨干，或用 {ANOTHER} 指定其路径"
            ),
        )


def _how_to_find(fault: BedsideError) -> str:
    moved = tr(f"put it back where it was, or name it: {ANOTHER} PATH", f"放回原处，或用 {ANOTHER} 指定其路径")
    return f"{fault.next}; {moved}" if fault.next and fault.next.startswith("pip ") else moved
