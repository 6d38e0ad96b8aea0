"""What a mention in a question is: the asker's own and present trouble, or past, denied, a relative's history, general.

The cues of clinical notes (phenotypes/context.py) come first; the rest is how people ask: "what are the signs of
stroke?" asks about stroke, and "my father cannot speak since an hour ago" asks for a patient who is not the asker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bedside.cleaning.normalize import normalize
from bedside.emergency._elsewhere import is_elsewhere, is_left_behind
from bedside.phenotypes.context import Context, Language, contexts

Span = tuple[int, int]
_SENTENCE = re.compile(r"[.!?](?=\s|$)|[。！？!?；;\n]+")
_PERSON = re.compile(
    r"\b(?:i|i'm|i've|im|my|me|mine|we|our|us|he|he's|his|him|she|she's|her|they're|baby|someone|patient|"
    r"this (?:man|woman|boy|girl|child|person|lady|gentleman)|\d+[- ]?(?:year|month|week|day|yr)s?[- ]old|y/?o)\b"
    r"|right now|我|俺|咱|他|她|宝宝|孩子|小孩|儿子|女儿|老公|老婆|妻子|丈夫|爱人|爸|妈|父亲|母亲|爷爷|奶奶|外婆|外公|"
    r"姥|(?:体温|血压|血糖|血氧)\s*\d|人(?:发|没|很|都|也)|娃|患者|病人|本人|朋友|同事|(?<!几)岁|有人|家里人|老人(?!家?怎么预防)|室友|同学|邻居|奶奶|婆婆|公公|舅|"
    r"姑|叔|婶|姐|妹|哥|弟|侄|孙|全家|男友|女友|对象|患儿",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"^\W*(?:(?:in|at|to|by|from) (?:what|which)\b|"
    r"(?:please |can you |could you )?(?:tell me|explain|describe|define|list)\b|what(?:'s| is|"
    r" are| was| were| causes?| does| do\b(?! i)| kinds?| can cause| "
    r"happens| tests?| research| treatments?| to do)|how (?:is|are|do|does|can|could|to|common|long|"
    r"likely|many|much|should|would|serious)|which|why (?:is|are|do|does)|"
    r"who|where|when (?:is|are|do|does|should)|can(?!'t| not)|could|does|do (?!i have)|is|are|should|would|"
    r"difference|information|stages|outlook|list)\b"
    r"|(?:什么(?!都|也)|哪些|哪种|怎么|怎样|如何|为什么|为何|能否|能不能|可以|是否|是不是|有没有(?![^？?，,]{0,8}都)|"
    r"多久|会不会|"
    r"吗|多少|几岁|何种|区别|预防|简述|定义|病因|机制)",
    re.IGNORECASE,
)
_BOUGHT = re.compile(
    r"\b(?:which|what|where)\b[^.?!]{0,40}\b(?:buy|choose|install|fit|mount|hang|store|recycle|throw away|dispose of)\b"
    r"|\bwhere\b[^.?!]{0,12}\b(?:put|keep|find)\b"
    r"|买哪[种个]|哪[种个](?:牌子)?好|扔哪",
    re.IGNORECASE,
)
"""What is asked of things that are bought or thrown away: alarms, batteries."""
_LEARN = re.compile(
    r"\b(?:how (?:do|can|could|would|should|to)(?: (?:i|we|you|one|people))? "
    r"(?:recogni[sz]e|prevent|tell|know|spot|avoid|identify|lower|reduce|diagnose|detect|protect)|"
    r"(?:first[- ]aid|treatments?|medicines?|drugs?|causes?|diet|test(?:s|ed)?|vaccines?|prognosis|"
    r"incidence|prevalence) (?:for|of|against|in)|"
    r"(?:signs?|symptoms?|risks?|chances?|likelihood|dangers?|types?|stages?|definition|meaning|"
    r"complications?|cases?)(?: (?:and|or) (?:signs?|symptoms?|complications?))? (?:of|for)|"
    r"worr(?:y|ied) (?:about|that)|afraid (?:of|that)|scared (?:of|that)|fear (?:of|that)|prevent(?:s|"
    r"ing|ion)?(?: of)?|avoid(?:ing)?|"
    r"(?:read|learn(?:ing|t|ed)?|lecture|article|essay|report|paper|thesis|dissertation|assignment|talk|course|exam|training|leaflet|poster|"
    r"curious|study(?:ing)?|wondering|information|novel|film|movie) (?:\w+ )?"
    r"(?:about|on(?! (?:tv|telly|television|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b)|for)|"
    r"reading about|"
    r"(?:dream(?:ed|t|ing|s)?|nightmares?|news|film|movie|show|joke|joking) (?:of|about|that|where|i|he|she|we)|"
    r"what (?:is|are|does|causes?)|what's|teach\w*(?: \w+){0,2} about|difference between|can (?:cause|"
    r"lead to)|caused by|may cause|could cause|side[- ]effects?)\b[^.!?;\n]{0,60}$"
    r"|(?:怎么|怎样|如何|怎)(?:样)?(?:预防|避免|识别|判断|辨别|区分)[^。！？；\n]{0,12}$"
    r"|(?:预防|避免|防止|担心|害怕|怕(?!光|灯|亮|冷|风|水|声)(?:会|是|得)?|风险|会不会(?:引起|导致|得|是)?|什么是|引起|导致|"
    r"引发|诱发|关于|讲座|[课会]上?讲|文章|科普|了解|学习|培训|知识|电视(?!里?[让叫命])|小说|新闻|电影|剧里|梦见|梦到)[^。！？；，,\n]{0,10}$",
    re.IGNORECASE,
)
"""What stands before a mention that is learnt about, not had."""
_LEARN_BEHIND = re.compile(
    r"^\s+(?:prevention|awareness|risks?|symptoms|signs|causes|guidelines?|policy|survivor|course|screening)\b"
    r"|^[^。！？；，,\n]{0,6}?(?:的)?(?:症状|表现|病因|原因|预防|定义|先兆|征兆|前兆|分类|机制|风险|"
    r"危险因素|是什么|有哪些|怎么预防|如何预防|科普|讲座|的?(?:电影|新闻|报道|小说)|急救(?:知识|培训|"
    r"方法))"
    r"|^(?:急救|应急|逃生)(?:演练|演习)"
    r"|\b(?:are|is) (?:all |both |the |some |a |an )*(?:\w+ )?(?:signs?|symptoms|features?|signals?|warnings?) ?"
    r"(?:of\b|[.,;:!]|$)|\s+is (?:the|an?) (?:act|condition|disease|illness|disorder)\b"
    r"|(?:都|均)?(?:是|为|属于?)[^。！？；，,\n]{0,8}(?:表现|症状|征象|信号|特征|先兆)",
)
_PAST = re.compile(
    r"\b(?:(?:years?|months?|decades?) ago|last (?:year|month|summer|winter)|in (?:19|20)\d\d|"
    r"when (?:i|he|she|we) (?:was|were)(?! \w+ing)|used to|"
    r"previously|once had|years? back|long ago|recovered|survived|in (?:his|her|my) (?:childhood|"
    r"youth|teens|twenties)|"
    r"(?:with|in|during) my (?:first|last|previous|second)(?: (?:pregnancy|baby|child|one|birth))?,? (?:i|we) had|"
    r"back in (?:college|school|university|the day)|as a (?:child|kid|baby|teenager|student))\b"
    r"|[\d一二两三四五六七八九十几多]+\s*(?:年|个月)(?:多)?(?:之?前)|去年|前年|以前|曾经?|小时候|"
    r"年轻时|[\d一二两三四五六七八九十]+岁(?:时|的时候|那年)|再也?没|没再|"
    r"(?<![昏晕])过去(?!了)|上个月|从前(?![胸额面心后到])|当年|早年|前段时间|前些年|(?:19|20)\d\d年",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:now|today|tonight|again|still|"
    r"since(?=\s+\w)(?! then)|currently|"
    r"just(?! (?:wonder|ask|want|curious|check|need to know))|this (?:morning|evening|afternoon)|minutes?|hours?)\b"
    r"|现在|今[天早晚日晨]|又|再次|还是|一直|至今|刚|目前|这两天|近[日来]|分钟|小时|昨",
    re.IGNORECASE,
)
_TURN_TO_NOW = re.compile(
    r"(?:\band|\bbut|[,;]) (?=(?:(?:i|he|she|we|they) )?"
    r"(?:(?:has|have)\b(?! (?:been|had|no|not|never|since|done|made)\b)|is|am|are|can't|cannot|won't)\b)"
    r"|[，；](?=(?:但|可是?|不过)?[他她我]?正在?(?!常|好|式|确))",
    re.IGNORECASE,
)
"""Where a sentence that began in the past comes to the present: "had a stent last year and has chest pain"."""
_CONDITION = re.compile(
    r"\b(?:if(?! i (?:were (?:dead|gone)|died|ended))|unless|whenever|in case|should (?:he|she|you|they|it|symptoms?)|"
    r"seek (?:\w+ )?(?:help|care)|until(?! (?:i|he|she|we)\b))\b"
    r"|如果|若(?:是|有|出现)?|一旦|万一|假如|要是|如(?:有|出现|果)|的话[，,]|时应|时须|应及时",
    re.IGNORECASE,
)
"""What makes a sentence say what to do in case."""
_COME_BACK = re.compile(
    r"^\W*(?:if|when|should)\b[^,.;]*, *(?:please )?"
    r"(?:take|give|eat|drink|come|return|bring|ring|use|check|stop|start)\b"
    r"|(?:立即|立刻|马上|及时|尽快|随时)(?:返院|回院|来院复诊|复诊|返诊)",
    re.IGNORECASE,
)
"""What makes a sentence a precaution for afterwards: what to do, or to come back, in case."""
_FIGURE = re.compile(
    r"\b(?:dying (?:for (?!air|breath|help)|to (?:try|know|see|get))|murder a|driving (?:me|us) to (?:murder|drink)|"
    r"(?:giving|gave) (?:me|us) a heart attack|chok\w+ (?:with|on) laugh\w+|"
    r"(?:kill\w*|die|dying) (?:(?:my|him|her|them|our)sel(?:f|ves) )?(?:of )?laugh\w*)"
    r"|(?:加班|忙|困|热|饿|堵车?|尴尬|无聊|馋|作业)[^，。；]{0,3}得[我都快]{0,2}(?:想死|要死|要命)|笑死我|被[^，。；]{0,6}剧情[^，。；]{0,2}(?:噎|呛)|排队排得|(?:快|要|差点)(?:被\S{0,8})?[气笑烦]得?(?:快|要|差点)?(?:心梗|心脏病|脑溢血|中风|吐血|断气)",
    re.IGNORECASE,
)
"""Illness as a figure of speech."""
_UNHEARD = re.compile(r"[南北东西]?非洲|非常|无名|不锈钢|未来")
"""Words with a sign of denial that denies nothing."""
_LINEAGE = re.compile(
    r"\b(?:history|had|died|dies|death|passed away|suffered|runs in|(?:was|were|been) diagnosed|both|"
    r"survived|survivor|in (?:his|her|their) (?:\d0s|forties|fifties|sixties))\b"
    r"|史|去世|曾|得过|患过|患有|死于|遗传|过世|早逝|生前|病逝",
    re.IGNORECASE,
)
"""What makes a relative's mention a family history."""


def readable(text: str) -> str:
    """The text as triggers and cues read it: one form of characters, straight apostrophes."""
    return normalize(text).replace("’", "'").replace("‘", "'")


def present(text: str, spans: list[Span], lang: Language | None = None) -> list[bool]:
    """Whether each mention is of a patient who has it now.

    A relative who has it now is a patient asked about; a relative's past illness is family history.

    >>> text = "No chest pain. My father cannot speak. What are the signs of stroke?"
    >>> present(text, [(3, 13), (25, 37), (61, 67)])
    [False, True, False]
    """
    found = contexts(_UNHEARD.sub(lambda word: "某" * len(word[0]), text), spans, lang=lang)
    return [_here(text, span, context) for span, context in zip(spans, found, strict=True)]


def is_general(sentence: str) -> bool:
    """Whether a sentence asks about a thing without saying that anybody has it.

    >>> is_general("What causes sudden chest pain?"), is_general("Why does my chest hurt so much?")
    (True, False)
    """
    return (bool(_GENERAL.search(sentence)) and not _PERSON.search(sentence)) or bool(_BOUGHT.search(sentence))


_WHAT = 2
"""Characters that the shortest name of a thing feared or learnt about has: "I am afraid" fears nothing yet."""


def is_told_now(sentence: str) -> bool:
    """Whether a sentence may tell of somebody's trouble now: it is not general, learnt about, conditional or past.

    >>> is_told_now("My chest is in a vice."), is_told_now("My father had a stroke in 2015."), is_told_now("是什么病？")
    (True, False, False)
    """
    if is_general(sentence) or _CONDITION.search(sentence) or _COME_BACK.search(sentence):
        return False
    if _FIGURE.search(sentence):
        return False
    if _LEARN.search(sentence.rstrip(" .!?。！？")[:-_WHAT]):
        return False
    return not _PAST.search(sentence) or bool(_NOW.search(sentence)) or _comes_to_now(sentence, len(sentence))


def sentences_in(text: str) -> Iterator[Span]:
    """The sentences of a text that say something."""
    ends = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    return ((start, end) for start, end in pairwise(ends) if any(map(str.isalnum, text[start:end])))


def sentence_of(text: str, span: Span) -> Span:
    """The sentence that a mention begins in."""
    ends = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    start = max(end for end in ends if end <= span[0])
    return start, min((end for end in ends if end >= span[1]), default=len(text))


def _here(text: str, span: Span, context: Context) -> bool:
    if context.negated or context.hypothetical:
        return False
    start, end = sentence_of(text, span)
    sentence, before, behind = text[start:end], text[start : span[0]], text[span[1] : end]
    if (
        _FIGURE.search(sentence)
        or is_general(sentence)
        or _COME_BACK.search(sentence)
        or _LEARN.search(before)
        or _LEARN_BEHIND.search(behind)
    ):
        return False
    if is_elsewhere(text[:end], sentence) or is_left_behind(sentence, (span[0] - start, span[1] - start)):
        return False
    if (context.historical or _PAST.search(sentence)) and not _NOW.search(sentence):
        return _comes_to_now(sentence, span[0] - start)
    return not (context.family and _LINEAGE.search(sentence) and not _NOW.search(sentence))


def _comes_to_now(sentence: str, begin: int) -> bool:
    """Whether a sentence that tells of the past has come to the present where a mention stands."""
    turns = [turn.end() for turn in _TURN_TO_NOW.finditer(sentence) if turn.end() <= begin]
    return bool(turns) and bool(_PAST.search(sentence[: turns[-1]])) and not _PAST.search(sentence[turns[-1] :])
