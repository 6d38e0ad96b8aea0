"""The words of slots: how an answer is put into a question, and how a question shows that a slot is filled."""

from __future__ import annotations

import re

NO = re.compile(
    r"(?:no(?:ne)?(?: of (?:them|these|those))?|not? (?:that i know|really)|nope|nothing|never|n|"
    r"没有?|无|否|不是|都没有|没有过|不)",
    re.IGNORECASE,
)
YES = re.compile(r"(?:yes|yeah|yep|y|i am|she is|有|是|是的|对|有的|嗯)", re.IGNORECASE)
NOT_FERTILE = re.compile(
    r"\b(?:my (?:husband|son|father|dad|brother|boyfriend|grandfather|grandad|uncle|mother|mum|mom|"
    r"grandmother|grandma|mother in law)|he|man|male|boy)\b|男|丈夫|老公|爸|父亲|儿子|爷爷|哥|弟|妈|"
    r"奶奶|外婆|姥姥|婆婆|老人",
    re.IGNORECASE,
)
CHILD = re.compile(
    r"\b(?:my (?:child|kid|toddler|baby|infant)|baby|toddler|infant|newborn)\b|宝宝|婴儿|小孩|孩子|患儿", re.IGNORECASE
)

ANSWERS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "companions": (
        {"no": "No danger signs.", "yes": "Now also has {signs}.", "told": "Now also: {said}."},
        {"no": "没有危险信号。", "yes": "现在还有{signs}。", "told": "现在还有：{said}。"},
    ),
    "duration": ({"told": "Duration: {said}."}, {"told": "持续时间：{said}。"}),
    "severity": ({"told": "Severity: {said}."}, {"told": "程度：{said}。"}),
    "age": ({"told": "Age: {said}."}, {"told": "年龄：{said}。"}),
    "pregnancy": (
        {"no": "I am not pregnant.", "yes": "I am pregnant.", "told": "I am pregnant: {said}."},
        {"no": "我没有怀孕。", "yes": "我怀孕了。", "told": "我怀孕了：{said}。"},
    ),
    "conditions": (
        {"no": "No other conditions.", "yes": "Some of these conditions.", "told": "Other conditions: {said}."},
        {"no": "没有其他疾病。", "yes": "有其中的疾病。", "told": "其他疾病：{said}。"},
    ),
    "medicines": (
        {"no": "No other medicines.", "yes": "Other medicines are taken.", "told": "I take {said}."},
        {"no": "没有用其他药。", "yes": "在用其他药。", "told": "我在用{said}。"},
    ),
    "allergies": (
        {"no": "No known drug allergies.", "yes": "There is a drug allergy.", "told": "I am allergic to {said}."},
        {"no": "没有药物过敏。", "yes": "有药物过敏。", "told": "我对{said}过敏。"},
    ),
}
"""By slot, in English and Chinese: the sentence for no, for yes and for anything else."""

_TOLD = {
    "companions": r"\b(?:no danger signs|now also)\b|没有危险信号|现在还有",
    "duration": r"\bduration:|\b(?:since|for (?:the (?:last|past) )?(?:about |over |almost |nearly )?(?:a|an|"
    r"one|two|three|four|five|six|several|many|few|\d+)(?: few| couple of)? "
    r"(?:min\w*|hours?|days?|weeks?|months?|years?)|(?:\d+|a|an|one|two|three|few) (?:\w+ )?(?:min\w*|"
    r"hours?|days?|weeks?|months?|years?)(?: ago| now)?|yesterday|last (?:night|week|month|year)"
    r"|this morning|today|always|for ages|started)\b|持续时间：|"
    r"[\d一二两三四五六七八九十几半多]+\s*个?(?:多)?(?:分钟|小时|天|日|周|星期|月|年)|昨[天晚]|"
    r"今[天早晨晚]|前天|刚才?|一直|最近|近来|上周|上个月|从小",
    "severity": r"\bseverity:|\b(?:mild|moderate|severe\w*|slight\w*|bad(?:ly)?|terribl\w+|unbearable|worst|"
    r"(?:\d|10) ?(?:/|out of) ?10|excruciating|a (?:little|bit)|dull|worse|worsening)\b"
    r"|程度：|轻微|有点|有些|厉害|剧烈|严重|受不了|难忍|隐隐|特别|非常|很[痛疼]|加重|稍",
    "age": r"\bage:|年龄：",
    "pregnancy": r"\b(?:not|am|is|could be|may be|might be) pregnant\b|怀孕",
    "conditions": r"\bother conditions:|其他疾病：|\b(?:no other (?:conditions|illness\w*|problems)|"
    r"otherwise healthy|no (?:medical|"
    r"health) (?:problems|conditions|history)|some of these conditions)\b|没有其他(?:疾病|病)|"
    r"身体健康|有其中的疾病",
    "medicines": r"\b(?:no (?:other )?(?:medicines?|medications?|meds|drugs)|other medicines are taken|"
    r"(?<!can )(?<!should )(?<!may )(?<!could )(?<!must )(?<!if )i(?:'m| am)? (?:take|taking|"
    r"on) \w+|(?:he|she) (?:takes|is on|is taking))\b|没有?(?:在)?(?:用|吃|服)(?:其他|任何|"
    r"别的)?药|在用其他药|我?(?:正?在|一直)(?:用|吃|服)",
    "allergies": r"\ballerg\w+|\bnkda\b|过敏",
}
_TOLD_PATTERNS = {id: re.compile(pattern, re.IGNORECASE) for id, pattern in _TOLD.items()}


def is_told(slot: str, text: str) -> bool:
    """Whether a question already says what a slot would ask.

    >>> is_told("duration", "My back has hurt for two weeks."), is_told("duration", "My back hurts.")
    (True, False)
    """
    return bool(_TOLD_PATTERNS[slot].search(text))
