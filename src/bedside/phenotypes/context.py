"""Whether a mention is denied, past, a relative's, only possible or not yet so: cues with scopes, in two languages.

The cues are data (data/context_en.toml, data/context_zh.toml), each with sentences in which it holds and does not.
Sources: Chapman et al. 2001 (NegEx), Harkema et al. 2009 (ConText); scopes of Chinese cues are our own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bedside.phenotypes._asked import asked, known, speeches
from bedside.phenotypes._cues import rules
from bedside.phenotypes._rules import Found, sections

Language = Literal["en", "zh"]
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"(?<![A-Za-z])(?:[A-Z]?[a-z]{2,}|no|No|NO)(?![A-Za-z])")
"""A word of English; abbreviations in capitals stand in Chinese notes too."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is true of a mention beside that it is there; all false: the patient has it now."""

    negated: bool = False
    historical: bool = False
    family: bool = False
    hypothetical: bool = False
    uncertain: bool = False

    def __repr__(self) -> str:
        return f"Context({', '.join(f'{name}=True' for name in self.names())})"

    def names(self) -> list[str]:
        """Those that hold."""
        return [name for name in self.__slots__ if getattr(self, name)]


def contexts(text: str, spans: Iterable[tuple[int, int]], *, lang: Language | None = None) -> list[Context]:
    """The context of each mention (start, end in code points).

    Each sentence is read in the language of its own letters, one that holds both languages in both; `lang` is for
    sentences whose letters do not tell.

    >>> contexts("母亲有糖尿病，患者无发热。", [(3, 6), (10, 12)])
    [Context(family=True), Context(negated=True)]
    >>> contexts("Possible seizure. 母亲有癫痫发作。", [(9, 16), (21, 25)])
    [Context(uncertain=True), Context(family=True)]
    """
    read = _Text(text, lang)
    return [read.context(span) for span in spans]


class _Text:
    """A text: its sentences, each in its language, its sections, and the cues of the sentences that were asked for."""

    def __init__(self, text: str, lang: Language | None) -> None:
        self._text = text
        held = _languages(text, lang)
        self._rules = {one: rules(one) for one in held}
        self._alone = lang or held[0]
        begins = {start for said in self._rules.values() for start, _ in said.sentences(text)}
        starts = sorted(begins.union(speeches(text)))
        self._sentences = list(zip(starts, [*starts[1:], len(text)], strict=True))
        self._sections = sections(self._rules.values(), text)
        self._cues: dict[tuple[int, str], list[Found]] = {}
        self._asked = asked(text)

    def context(self, span: tuple[int, int]) -> Context:
        """What is said of one mention."""
        sentence = self._sentences[max(0, bisect_right(self._sentences, (span[0], 1 << 60)) - 1)]
        flags = {says for one in self._sections if one.reaches(span) for says in one.says}
        for lang in _languages(self._text[slice(*sentence)], self._alone):
            said = self._rules[lang]
            if (sentence[0], lang) not in self._cues:
                self._cues[sentence[0], lang] = said.cues(self._text, sentence)
            flags |= said.beside(self._text, sentence, span)
            flags.update(says for one in self._cues[sentence[0], lang] if one.reaches(span) for says in one.says)
        return _settled(self._answered(flags, span))

    def _answered(self, flags: set[str], span: tuple[int, int]) -> set[str]:
        """What the answer leaves of what a question seems to say: a denial or a finding, or that it was only asked."""
        question = next((one for one in self._asked if one.start <= span[0] and span[1] <= one.end), None)
        if question is None or known(self._text, span):
            return flags
        kept = flags - {"hypothetical", "uncertain", "negated"}
        return kept | {"no": {"negated"}, "open": {"hypothetical"}}.get(question.answer, set())


def _languages(text: str, otherwise: Language | None) -> list[Language]:
    """The languages that a text holds by its letters: Chinese by one character, English beside it by two words."""
    english = len(_WORD.findall(text))
    if _HAN.search(text):
        return ["zh", "en"] if english > 1 else ["zh"]
    return ["en"] if english > 1 else [otherwise or "en"]


def _settled(flags: set[str]) -> Context:
    """What remains where two things were said: a denial is neither possible nor past, a relative's is not past."""
    context = replace(Context(), **dict.fromkeys(flags, True))
    if context.historical and (context.negated or context.family or context.hypothetical):
        context = replace(context, historical=False)
    if context.uncertain and (context.hypothetical or context.negated):
        context = replace(context, uncertain=False)
    return context
