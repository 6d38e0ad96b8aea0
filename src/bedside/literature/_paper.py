"""A paper as the literature tools see it: its text as the library keeps it, its parts, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass

from bedside.library._base import Block

Section = Block
"""A part of a text with its heading: code points, end exclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper. `text` is that of the library's document, so places in it are places there.

    `sections` are in order and do not overlap; what stands between them is headings. `types` are publication types as
    the source words them, `keywords` MeSH headings and keywords. `retracted` says why it must not be relied on, ""
    where nothing is known against it. `year` is None where it is not told.
    """

    id: str
    title: str
    text: str
    sections: tuple[Section, ...] = ()
    year: int | None = None
    journal: str = ""
    types: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    doi: str = ""
    pmid: str = ""
    url: str = ""
    citation: str = ""
    retracted: str = ""

    @property
    def type(self) -> str:
        """The publication types in one line."""
        return "; ".join(self.types)

    @property
    def abstract(self) -> str:
        """The sections under "Abstract" where the text is the whole article, else the text.

        >>> Paper(id="1", title="Gout", text="Ice helps.").abstract
        'Ice helps.'
        """
        own = [one for one in self.sections if one.heading.lower().startswith(("abstract", "摘要"))]
        return self.text[own[0].start : own[-1].end] if own else self.text
