"""What a text does with a thing that it names: proposes it, advises against it, tells of the past, asks, or supposes.

Words hold within their clause; a list after a comma shares what was said of its first ("avoid contrast CT, MRI").
"""

from __future__ import annotations

import re
from typing import Literal

from bedside.drugs._clauses import Clause, clauses
from bedside.phenotypes.context import contexts

Stance = Literal["proposed", "against", "past", "asked", "supposed", "other"]
"""`other`: of another person; `supposed`: under a condition that has not come about."""

_FOR_ALL_THAT = re.compile(
    r"\b(?:no contra-?indications?|not contra-?indicated|(?:do not|don't|never|without) (?:delay|withh?old|postpone|defer|cancel)\w*|"
    r"not only|no need to (?:avoid|stop|hold)|no (?:longer )?reason (?:not to|to avoid))\b|"
    r"(?:无|没有|并?非)(?:明显|绝对|任何)?禁忌|不(?:要|必|得|应|能|可)?(?:推迟|延误|耽误|拖延)|不仅|不但|不妨|无需(?:停|避免)",
    re.IGNORECASE,
)
_AGAINST_BEFORE = re.compile(
    r"\b(?:avoid\w*|do not|don't|does not|never|not|no|without|hold(?:ing)?|withhold\w*|defer\w*|postpone\w*|delay\w*|"
    r"cancel\w*|declin\w+|refus\w+|instead of|rather than|in place of|contra-?indicat\w+|stop\w*|omit\w*|skip\w*|refrain\w*|"
    r"against|unsafe|cannot|can't|shouldn't|mustn't|won't|unsuitable|prohibit\w*|free of|than)\b|"
    r"避免|禁|忌|不(?!久|适|良|稳|全|足|明|仅|但|妨|同|孕|育)|勿|别(?!人|的|是)|暂缓|推迟|取消|停|而非|无需|无须|未|以代替|代替|替代",
    re.IGNORECASE,
)
_AGAINST_BEHIND = re.compile(
    r"^[^,;，；]{0,60}?(?:\b(?:(?:is|are|was|would be|be|remains?) (?:relatively |absolutely |strictly |generally )?"
    r"(?:contra-?indicated|unsafe|prohibited|not (?:\w+ )?(?:indicated|recommended|advised|safe|appropriate|needed|possible|required|suitable|"
    r"necessary|applicable)|inappropriate|unnecessary|avoided|deferred|postponed|cancelled|canceled|withheld|ruled out|impossible|withdrawn)|"
    r"(?:should|must|can|could|will|may|do|does)(?: not|n't|not)|cannot|(?:should|must|to) be (?:avoided|deferred|postponed|cancelled|"
    r"withheld|delayed|held|stopped)|(?:does|do) not apply|not (?:indicated|recommended|needed|possible|advised|appropriate|applicable)|contra-?indicated)\b|"
    r"(?:是|为|属|属于)?(?:绝对|相对)?禁忌|禁用|不宜|不适[宜合用]|不建议|不推荐|不能|不可|不应|不需|不必|不得|不存在|不符合|不予|没有必要|应(?:当)?避免|应(?:当)?暂缓|应(?:当)?推迟|应(?:当)?禁|取消|暂缓|暂停|推迟|无指征|无必要|不会|不可能)",
    re.IGNORECASE,
)
_PAST_BEFORE = re.compile(
    r"\b(?:had|underwent|undergone|previous(?:ly)?|prior|earlier|history of|status post|s/p|after (?:the|her|his|their|an?)|following (?:the|her|his|an?)|"
    r"last (?:year|month|week)|completed|received|since (?:the|her|his)|results? of|on (?:the|her|his) (?:last|recent))\b|曾|既往|去年|前年|上次|上周|已(?:行|做|完成|经|于)|术后",
    re.IGNORECASE,
)
_PAST_BEHIND = re.compile(
    r"^\s*(?:scan |report |result[s]? )?(?:showed|shows?|revealed|reveals|was (?:normal|negative|done|performed)|in \d{4}|\d+ years? ago|last (?:year|month|week)|was (?:unremarkable|positive))\b|"
    r"^(?:检查)?(?:结果)?(?:提示|显示|示(?!范)|未见|后|史|已完成|正常)",
    re.IGNORECASE,
)
_SUPPOSED_BEFORE = re.compile(
    r"\b(?:if|in case|should (?:you|he|she|they)|whether|unless|were|before any|in the event of|until)\b|若|如果|如需|如要|一旦|是否|假如|倘若|除非|直到|待",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"^\s*(?:why|what|how|when|which|explain|describe|define|is it|can|could|may|should|does|do|would)\b[^.]*\?|"
    r"^\s*(?:why|explain|describe|define|what)\b|^[^。，]{0,12}(?:为什么|为何|什么是|何谓|解释|简述|是什么|怎么回事)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:(?:his|her|their|my|your|the (?:patient|woman|man)'s) (?:wife|husband|partner|spouse|son|daughter|father|mother|brother|sister|uncle|aunt|"
    r"grand\w+|girlfriend|boyfriend|baby|child)|(?:wife|husband|partner|father|mother|brother|sister)(?:'s| has| is| had| was)|"
    r"family history|maternal|paternal)\b|"
    r"(?:丈夫|妻子|老公|老婆|爱人|配偶|父亲|母亲|爸爸|妈妈|哥哥|弟弟|姐姐|妹妹|儿子|女儿|爷爷|奶奶|外公|外婆|舅舅|叔叔|男友|女友|伴侣|家族史|其父|其母|其夫|其妻)",
    re.IGNORECASE,
)


class Stances:
    """A text read once; `of` says how each of its places is meant.

    >>> text = "Avoid contrast CT; do an ultrasound. He had an MRI in 2019."
    >>> said = Stances(text)
    >>> [said.of(text.index(word), text.index(word) + 3) for word in ("contrast CT", "ultrasound", "MRI")]
    ['against', 'proposed', 'past']
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._clauses = list(clauses(text, ()))

    def of(self, start: int, end: int) -> Stance:
        """How the words from start to end are meant."""
        number = next((n for n, one in enumerate(self._clauses) if one.start <= start < one.end), None)
        if number is None:
            return "proposed"
        clause = self._clauses[number]
        sentence = self._sentence(number)
        before, behind = clause.text[: start - clause.start], clause.text[end - clause.start :]
        if clause.question or _ASKED.search(sentence):
            return "asked"
        if _OTHERS.search(self._text[self._begin(number) : start]) or contexts(self._text, [(start, end)])[0].family:
            return "other"
        own = _own(_FOR_ALL_THAT.sub("", before), _FOR_ALL_THAT.sub("", behind))
        if own is None and clause.listed and not _HAS_VERB.search(before):
            return self._carried(number)
        return own or "proposed"

    def denied(self, start: int, end: int) -> bool:
        """Do the words say that it is not so?"""
        return contexts(self._text, [(start, end)])[0].negated

    def _carried(self, number: int) -> Stance:
        """What the clause before in the list says of all in it."""
        earlier = self._clauses[number - 1].text
        return "against" if _AGAINST_BEFORE.search(_FOR_ALL_THAT.sub("", earlier)) else "proposed"

    def _begin(self, number: int) -> int:
        while number and not self._clauses[number].first:
            number -= 1
        return self._clauses[number].start

    def _sentence(self, number: int) -> str:
        last = number + 1
        while last < len(self._clauses) and not self._clauses[last].first:
            last += 1
        return self._text[self._begin(number) : self._clauses[last - 1].end]


_HAS_VERB = re.compile(
    r"\b(?:do|order|perform|arrange|schedule|get|obtain|give|start|use|proceed|book|request|refer|send|consider|recommend|"
    r"go|carry|can|should|will|is|are|has|have)\b|行|做|安排|予|给|用|查|建议|可|应|需|请|完善|改|实施|是|有|患",
    re.IGNORECASE,
)


def _own(before: str, behind: str) -> Stance | None:
    """What the words of a clause say of what stands between them."""
    if _AGAINST_BEFORE.search(before) or _AGAINST_BEHIND.search(behind):
        return "against"
    if _PAST_BEFORE.search(before) or _PAST_BEHIND.search(behind):
        return "past"
    if _SUPPOSED_BEFORE.search(before):
        return "supposed"
    return None


__all__ = ["Clause", "Stance", "Stances"]
