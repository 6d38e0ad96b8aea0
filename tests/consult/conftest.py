"""A small library of made-up leaflets in both languages, by words alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.library import About, Item, Library, add_items
from bedside.library._base import Block

GOUT = {
    "What is gout?": "Gout is an arthritis caused by crystals of urate. It is common in men over forty.",
    "What are the symptoms of gout?": "Gout starts at night with a hot, red and very painful big toe. "
    "This pain peaks within a day. Fever may occur.",
    "What are the treatments for gout?": "Colchicine or an NSAID is given within 36 hours. "
    "Allopurinol lowers urate in the long run. For more information, visit https://example.org",
    "What are the symptoms of Wilson disease?": "Wilson disease shows with tremor and brown rings in the eyes.",
    "What are the symptoms of Long QT syndrome 3?": "Long QT syndrome 3 shows with fainting at rest.",
}
LABEL = (
    ("适应症", "用于缓解轻至中度疼痛，也用于普通感冒引起的发热。"),
    ("用法用量", "口服。成人一次0.2g，24小时不超过4次。"),
    ("禁忌", "对阿司匹林过敏者禁用。\n孕妇及哺乳期妇女禁用。"),
    ("不良反应", "少数病人可出现恶心、胃溃疡及出血。"),
)


@pytest.fixture(autouse=True)
def without_the_ontology(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where HPO is not installed: its index takes long to build."""
    from bedside.consult.explain import Explainer
    from bedside.consult.synonyms import Synonyms

    monkeypatch.setattr(Synonyms, "_opened", None)
    monkeypatch.setattr(Explainer, "_opened", None)


@pytest.fixture(scope="session")
def leaflets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the library."""
    folder = tmp_path_factory.mktemp("leaflets") / "library"
    items = [Item(id=f"g{number}", title=title, text=text) for number, (title, text) in enumerate(GOUT.items())]
    text, blocks = "", []
    for heading, said in LABEL:
        blocks.append(Block(len(text), len(text) + len(said), heading))
        text += said + "\n"
    items.append(Item(id="ibuprofen-zh", title="布洛芬片说明书", text=text, blocks=tuple(blocks)))
    add_items(folder, About(name="leaflets", licence="CC0", version="1"), items, encoder=None)
    return folder


@pytest.fixture
def library(leaflets: Path) -> Library:
    """The library, open."""
    with Library(leaflets) as opened:
        yield opened
