"""Looks at the library for a topic, for the first time or again, and says what changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bedside.errors import UsageError
from bedside.library import Library
from bedside.literature.notices import CORRECTED, Watch
from bedside.literature.same.traits import plain_doi
from bedside.literature.topic.choose import chosen, figures_of, paper_key, speaks_of
from bedside.literature.topic.state import CURRENT, GONE, SUPERSEDED, Change, Listed, Topic
from bedside.types import Passage

OF_ONE_PAPER = 3
"""Passages of a paper that are kept with it."""


def look(library: Library, topic: Topic, when: str, watch: Watch | None = None) -> Topic:
    """The topic as the library has it now; the very same object where nothing changed.

    A change worth telling (papers, what is said of them, sentences) is added to the log.

    A paper once listed keeps its number, with what became of it; what it was quoted for is struck where it is gone.
    """
    found = _found(library, topic)
    known = {key: _again(library, one, watch or {}) for key, one in topic.papers.items() if key not in found}
    known |= {key: _listed(those, topic.papers.get(key), when, watch or {}) for key, those in found.items()}
    papers = {key: known[key] for key in (*topic.papers, *(key for key in found if key not in topic.papers))}
    best = [passage for key, passages in found.items() if not gone(papers[key]) for passage in passages]
    stood = [*topic.struck, *(one for one in topic.sentences if gone(papers[one.paper]))]
    fresh = replace(
        topic, papers=papers, sentences=tuple(chosen(topic.question, best)), struck=tuple(dict.fromkeys(stood))
    )
    lost = tuple(key for key, one in papers.items() if gone(one) and not _was_gone(topic, key))
    change = Change(
        when=when,
        sources=tuple((one["name"], one["version"], sum(one["items"].values())) for one in _sources(library, topic)),
        new=tuple(key for key in papers if key not in topic.papers),
        gone=lost,
        changed=tuple(
            key for key, one in papers.items() if key not in lost and _differs(topic.papers.get(key, one), one)
        ),
    )
    if not topic.log or fresh.sentences != topic.sentences or change.new or change.gone or change.changed:
        return replace(fresh, log=(*topic.log, change))
    return topic if papers == topic.papers else fresh


def gone(one: Listed) -> bool:
    """Whether a paper must not be relied on any more: the library or a notice says so."""
    return one.status in GONE or any(kind in GONE for kind, _ in one.flags)


def _found(library: Library, topic: Topic) -> dict[str, list[Passage]]:
    """The passages of the best papers that speak of the question, the best paper first."""
    passages = library.search(
        topic.question,
        OF_ONE_PAPER * topic.top,
        mode=topic.mode or None,  # type: ignore[arg-type]
        sources=topic.sources,
    )
    papers: dict[str, list[Passage]] = {}
    for one in passages:
        papers.setdefault(paper_key(one), []).append(one)
    told = [(key, those[:OF_ONE_PAPER]) for key, those in papers.items() if speaks_of(topic.question, those)]
    return dict(told[: topic.top])


def _listed(passages: Sequence[Passage], before: Listed | None, when: str, watch: Watch) -> Listed:
    first = passages[0]
    return Listed(
        source=first.source,
        item=first.item,
        title=first.title or first.text[:80],
        citation=first.citation,
        url=first.url,
        licence=first.licence,
        passages=tuple(sorted(one.id for one in passages)),
        since=before.since if before else when,
        status=first.status,
        flags=_flags(first.item, first.citation, first.url, watch),
        figures=figures_of(sorted(passages, key=lambda one: one.start)),
    )


def _again(library: Library, one: Listed, watch: Watch) -> Listed:
    """A paper that the search did not give this time: what became of it."""
    status = CURRENT
    for id in one.passages:
        try:
            said = library.get(id).status
        except UsageError:  # another library, or one made anew: the passage is not there any more
            said = "withdrawn"
        status = said if said in GONE or (said == SUPERSEDED and status == CURRENT) else status
    return replace(one, status=status, flags=_flags(one.item, one.citation, one.url, watch))


def _flags(item: str, citation: str, url: str, watch: Watch) -> tuple[tuple[str, str], ...]:
    """What Retraction Watch says of a paper, by its PMID or DOI; a correction is told as well."""
    ids = filter(None, (item if item.isdigit() else "", plain_doi(citation), plain_doi(url), plain_doi(item)))
    known = next((watch[id] for id in ids if id in watch), None)
    if known is None or not known[0]:
        return ()
    kind, day, reason = known
    return ((kind if kind else CORRECTED, " ".join(filter(None, ("Retraction Watch", day, reason)))),)


def _sources(library: Library, topic: Topic) -> list[dict[str, Any]]:
    return [one for one in library.sources() if not topic.sources or one["name"] in topic.sources]


def _was_gone(topic: Topic, key: str) -> bool:
    return key in topic.papers and gone(topic.papers[key])


def _differs(before: Listed, now: Listed) -> bool:
    """Whether a paper says something else than before, or something else is said of it; its citation may name a later
    version of its source without that."""
    told = ("title", "passages", "status", "flags", "figures")
    return any(getattr(before, name) != getattr(now, name) for name in told)
