"""Links phrases that no list has to findings, by the likeness of their vectors to those of all names, or to none.

A link needs a likeness of at least `floor` and to lead by `margin` over the nearest finding that is neither above nor
below it, or a likeness of `sure`. Bounds were chosen on sentences of our own (link_dev_*.txt of the tests).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bedside.cleaning.language import HAN
from bedside.errors import UsageError
from bedside.knowledge.hpo import Hpo
from bedside.lang import tr
from bedside.phenotypes._phrases import Span, phrases
from bedside.phenotypes._vectors import Bar, Encoder, NameVectors, name_vectors, no_bar

NEAREST = 40
"""Names looked at of each phrase."""


class Bounds(NamedTuple):
    """When a phrase is linked (`sure`: whatever leads), and from where it is worth a curator's look."""

    floor: float
    margin: float
    sure: float
    look: float


BOUNDS = {"minilm": Bounds(0.75, 0.06, 0.86, 0.65), "e5": Bounds(0.95, 0.02, 2.0, 0.92)}


@dataclass(frozen=True, slots=True)
class Link:
    """A phrase with its nearest finding: its number, likeness, lead over the next, and whether that is enough."""

    start: int
    end: int
    term: int
    likeness: float
    lead: float
    linked: bool


class Linker:
    """Phrases of English notes by MiniLM, of Chinese ones by e5 against Chinese and English names."""

    def __init__(self, hpo: Hpo, *, bar: Bar = no_bar) -> None:
        self._hpo, self._bar = hpo, bar
        self._tables: dict[str, tuple[Encoder, NameVectors]] = {}

    def links(self, text: str, taken: Iterable[Span]) -> list[Link]:
        """The best link of each place, without overlaps: linked ones first, then the likest."""
        spans = phrases(text, taken)
        found: list[Link] = []
        for name in ("minilm", "e5"):
            own = [span for span in spans if bool(HAN.search(text, *span)) == (name == "e5")]
            if own:
                found += self._nearest(name, text, own)
        return _apart(found)

    def _nearest(self, name: str, text: str, spans: Sequence[Span]) -> list[Link]:
        encoder, table = self._opened(name)
        bounds = BOUNDS[name]
        scores = table.likeness(encoder.vectors([text[start:end] for start, end in spans]))
        found = []
        for (start, end), row in zip(spans, scores, strict=True):
            near = np.argpartition(row, -NEAREST)[-NEAREST:] if len(row) > NEAREST else np.arange(len(row))
            ordered = near[np.argsort(-row[near])]
            term, best = int(table.terms[ordered[0]]), float(row[ordered[0]])
            rest = (float(row[at]) for at in ordered[1:] if not self._kin(term, int(table.terms[at])))
            lead = best - next(rest, float(row[ordered[-1]]))
            if best >= bounds.look:
                linked = best >= bounds.sure or (best >= bounds.floor and lead >= bounds.margin)
                found.append(Link(start, end, term, best, lead, linked))
        return found

    def _kin(self, one: int, other: int) -> bool:
        """Is one finding the other, or above it?"""
        return other in self._hpo.ancestors(one) or one in self._hpo.ancestors(other)

    def _opened(self, name: str) -> tuple[Encoder, NameVectors]:
        if name not in self._tables:
            _check_installed(name)
            encoder = Encoder(name)
            self._tables[name] = encoder, name_vectors(self._hpo, encoder, _names(self._hpo, name), self._bar)
        return self._tables[name]


def _apart(links: list[Link]) -> list[Link]:
    kept: list[Link] = []
    taken: set[int] = set()
    for link in sorted(links, key=lambda one: (not one.linked, -one.likeness)):
        places = range(link.start, link.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(link)
    return sorted(kept, key=lambda one: one.start)


def _names(hpo: Hpo, encoder: str) -> list[tuple[int, str]]:
    """What phrases are compared with: English ones with all English names, Chinese with Chinese names and labels."""
    from bedside.phenotypes.names import chinese_names, english_names

    if encoder == "minilm":
        return [(term, name) for _, term, name in english_names(hpo)]
    labels = [(term, name) for rank, term, name in english_names(hpo) if rank == 0]
    return [*labels, *((term, name) for _, term, name in chinese_names(hpo))]


def _check_installed(name: str) -> None:
    from bedside import registry

    spec = registry.load("backbones", name)
    if not spec.installed():
        what = tr("linking needs an encoder that is not installed", "表型链接所需的编码器未安装")
        raise UsageError(what, value=name, allowed=tr("or leave out --link", "或不使用 --link"), next=spec.install)
