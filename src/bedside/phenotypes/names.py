"""All names of findings: the ontology's own, lay words, the curated Chinese list, and an official translation; cached.

Cache: one file in the home, named after the release, the lists and this version, so that a change makes a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bedside.files import cached_folder
from bedside.home import home, place
from bedside.knowledge.hpo import Hpo
from bedside.phenotypes import _match_en, _match_zh
from bedside.phenotypes._babelon import PATTERN, Babelon, open_babelon
from bedside.phenotypes._lists import read_names

VERSION = "2"
FINDINGS = "HP:0000118"
"""Phenotypic abnormality: what is above or beside it (inheritance, onset, modifiers) is no finding."""
_SCOPES = {"EXACT": 1, "NARROW": 3, "RELATED": 4}
_OFFICIAL, _OWN, _NAME, _CURATED, _LAY = -2, -1, 0, 1, 2
_LISTS = (("knowledge", "hpo_zh.tsv"), ("phenotypes", "zh_more.tsv"), ("phenotypes", "en_lay.tsv"))
_TOO_WIDE = (
    *("abnormality", "finding", "all", "disease", "growth", "fit", "sign", "symptom", "lesion", "injury", "mass"),
    *("arranging", "sorting", "collecting", "jumping", "spinning"),
)


@dataclass(frozen=True, slots=True)
class Names:
    """Both languages' names of one release, and the translations that were read with what was left out of them."""

    english: _match_en.EnglishNames
    chinese: _match_zh.ChineseNames
    translations: tuple[Babelon, ...] = ()


def open_names(hpo: Hpo, translation: Path | None = None) -> Names:
    """The names, compiled the first time; official ones go over our own.

    They are `hpo/*.babelon.tsv` in the home, and `translation`.

    Raises UsageError or FormatError for a translation that is not one.
    """
    translations = _translations(translation)
    official = [pair for one in translations for pair in one.names]
    rules = "".join(Path(str(one.__file__)).read_text(encoding="utf-8") for one in (_match_en, _match_zh))
    parts = [VERSION, hpo.key, *map(_list, _LISTS), json.dumps(official), rules, _own("_english.py"), _own("names.py")]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def make(folder: Path) -> None:
        made = _match_en.tables(english_names(hpo))
        zh = _match_zh.keys_of(chinese_names(hpo, official))
        table = {"keys": made.keys, "short": made.short, "alone": made.alone, "zh": zh}
        (folder / "names.json").write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")

    folder = cached_folder(place("cache", "phenotypes") / digest, make)
    table = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    english = _match_en.EnglishNames(table["keys"], table["short"], table["alone"])
    return Names(english, _match_zh.ChineseNames(table["zh"]), translations)


def english_names(hpo: Hpo) -> list[tuple[int, int, str]]:
    """(rank, term, name) of all English names: the ontology's and our lay ones."""
    return [*_english(hpo), *_curated(hpo, _list(_LISTS[2]), _OWN)]


def chinese_names(hpo: Hpo, official: Iterable[tuple[str, str]] = ()) -> list[tuple[int, int, str]]:
    """(rank, term, name) of all Chinese names: official ones, where there are, before ours."""
    found = [*_curated(hpo, _list(_LISTS[0]), _CURATED), *_curated(hpo, _list(_LISTS[1]), _OWN)]
    return [*((_OFFICIAL, term, name) for term, name in _known(hpo, official)), *found]


def _translations(translation: Path | None) -> tuple[Babelon, ...]:
    paths = [*sorted((home() / "hpo").glob(PATTERN)), *([translation] if translation else [])]
    return tuple(open_babelon(path) for path in paths)


def _english(hpo: Hpo) -> Iterator[tuple[int, int, str]]:
    """The ontology's names of findings, with a rank: its name, exact synonyms, then lay, narrow and related ones."""
    top = hpo.number[FINDINGS]
    for term, name in enumerate(hpo.names):
        if term == top or top not in hpo.ancestors(term).tolist():
            continue
        yield _NAME, term, name
        for text, scope, kind in hpo.synonyms(term):
            if scope in _SCOPES and text.lower() not in _TOO_WIDE:
                rank = max(_SCOPES[scope], _LAY if kind == "layperson" else 0)
                yield rank, term, text


def _curated(hpo: Hpo, text: str, rank: int) -> Iterator[tuple[int, int, str]]:
    return ((rank, term, name) for term, name in _known(hpo, read_names(text)))


def _known(hpo: Hpo, names: Iterable[tuple[str, str]]) -> Iterator[tuple[int, str]]:
    return ((hpo.number[id], name) for id, name in names if id in hpo.number)


def _list(place: tuple[str, str]) -> str:
    folder, name = place
    found = files(f"bedside.{folder}").joinpath(f"data/{name}")
    return found.read_text(encoding="utf-8") if found.is_file() else ""


def _own(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
