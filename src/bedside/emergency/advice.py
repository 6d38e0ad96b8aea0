"""Whether a sentence says what is to be done, and nothing of a person's trouble: an order, a dose, a plan, a result.

Such a sentence is not listened to for emergencies in other words (alarm.py): a clinician's text is mostly of this kind,
and the encoder costs more than all else. A sentence is passed over only if it has a cue of advice and no sign at all of
somebody's trouble, so an unforeseen sentence is listened to. The signs are the parts (_parts.py) in which
the emergencies that the ear was fitted on are told (`benchmarks/emergency_alarm.py`), and the forms of telling.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from bedside.emergency._parts import parts

_VERBS = (
    "add|administer|advise|allow|apply|arrange|ask|avoid|begin|book|bring|change|check|clean|commence|"
    "confirm|consider|continue|cut|decrease|defer|discharge|discontinue|discuss|do|don't|drink|eat|elevate|"
    "exercise|follow|get|give|hold|ice|increase|inhale|initiate|insert|inject|keep|let|limit|maintain|measure|"
    "monitor|never|obtain|offer|order|perform|place|prescribe|proceed|recheck|record|reduce|refer|repeat|"
    "replace|request|resume|restart|restrict|rest|return|review|rinse|schedule|send|start|stop|switch|take|tell|"
    "test|titrate|treat|try|use|vaccinate|walk|wash|wear|weigh|withhold|write"
)
_UNIT = r"(?:mg|mcg|µg|μg|ug|g|ml|iu|units?|u|mmol|meq|kg|puffs?|drops?|tablets?|capsules?)"
_CUE = re.compile(
    rf"^\W*(?:(?:please|then|also|and|always|only|next)\W+)?(?:{_VERBS})\b"
    rf"|\d\s*{_UNIT}(?![a-z])"
    r"|\b(?:once|twice|three times|four times)\W+(?:daily|a day|a week|weekly)\b"
    r"|\b(?:daily|weekly|monthly|bid|tid|qid|prn|q\d+h|od|nocte|at (?:night|bedtime))\b"
    r"|\bevery (?:\w+ )?(?:hours|days|weeks)\b"
    r"|\b(?:should|must|recommended|advised|indicated|contraindicated|ineffective|follow-up|review|recheck)\b"
    r"|给予|予(?!以?理解)|口服|静滴|静注|静推|肌注|皮下注射|外用|(?<!糊)涂|敷|含服|吸入(?!性)|雾化|漱口|\d\s*[片粒袋支]|胶囊|颗粒|混悬液|糖浆|"
    r"每[日天晚早周月次]|一日|每\S{1,2}小时|睡前|饭[前后]|空腹|复查|复诊|复测|随访|门诊|建议|继续(?=\S*[服用])|停用|加用|改用|换用|"
    r"禁[用食忌]|慎用|避免|不要|请|申请|安排|监测|行\S{1,12}(?:术|检查|查|镜|扫|影|产)|接种|卧床|可服|可[用予]|治疗|预防|拆线|联系",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"\b(?:i|i'm|i've|i'd|we|we're|we've|he's|she's|it's|they're|am|is|are|was|were|isn't|aren't|has|had|hasn't|"
    r"cannot|can't|couldn't|won't|doesn't|didn't|keeps?|feels?|felt|looks?|seems?|went|gone|got|just|suddenly|took|"
    r"taken|swallowed|drank|ate|fell|fallen|since|my|worst|barely|hardly)\b"
    r"|我|咱|他|她|它|了(?!解)|着|刚|突然|忽然|发现|不醒|叫不|越来越|一直|正在|已经|误|吞|喝下|灌|满|全身|浑身",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"\b(?:bleeding|blood (?:pour|spurt|gush)\w*|gaping|(?:stick|pok)ing out|limp|floppy|gr[ae]y|blue|gasp\w*|chok\w*|"
    r"unconscious|unresponsive|convuls\w*|fitting|seizing|collaps\w*|faint\w*|passed out|agony|crushing|tearing|"
    r"crooked|droop\w*|slurr\w*|burnt|rope|kill|die|dying)\b"
    r"|(?<![止镇缓术])[疼痛](?!药|风)|剧烈|瞳孔|抽(?![血取吸查])|翻白眼|昏|晕|憋|发[绀紫灰黑]|青紫|软绵|喷射|裂|露出|流不止|"
    r"绳子|死|救命|不要救|不想活|喘不|凹陷|叫喊|惨白|全部服下",
    re.IGNORECASE,
)
"""Trouble of the body that is told without a verb of telling."""


def is_advice(sentence: str, signs: AbstractSet[str]) -> bool:
    """Whether a sentence says what to do without a word of anybody's trouble; `signs` are `parts` that tell of some.

    >>> is_advice("Ibuprofen 200 mg every six hours.", set()), is_advice("He took 40 tablets.", set())
    (True, False)
    >>> is_advice("每三小时冰敷二十分钟。", {"抽搐"}), is_advice("口服药后抽搐。", {"抽搐"})
    (True, False)
    """
    if not _CUE.search(sentence) or _TELLING.search(sentence) or _TROUBLE.search(sentence):
        return False
    return signs.isdisjoint(parts(sentence))
