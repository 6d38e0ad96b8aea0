"""Whether a note only asks about a medicine ("asks whether ibuprofen is all right"): what is asked about is not taken.

A question about a medicine in use (may he stop it, the dose of his warfarin) leaves it in use.
"""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"[.;!?\n。；！？](?!\d)")
_BEFORE = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|wonder(?:s|ed|ing)?|enquir(?:es|ed|ing|y)|inquir(?:es|ed|ing|y)|questions?|"
    r"(?:wants?|wanted|would like|wishes|keen) to know|wishes to discuss|not sure|unsure)\b"
    r"[^.;!?\n]{0,40}?\b(?:whether|if|about|regarding|is|are|can|could|may|might|should)\b[^.;!?\n]{0,50}$"
    r"|(?:^|[.;!?\n]\s*)(?:can|could|may|should|is it (?:ok(?:ay)?|safe|all right) to) (?:\w+ ){0,4}$"
    r"|(?:询问|咨询|请问|想问|追问|问及|问[:：]|想(?:知道|了解)|是否(?:可以|可|能)|能否|可否|能不能|可不可以|问(?!诊|题|病史))"
    r"[^。；！？\n]{0,16}$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"^[^。；！？\n，,]{0,8}?(?:能不能|可不可以|可以|能|行)?(?:吃|用|服|喝)?(?:吗|么|行不行|可不可以|好不好)[？?]"
)
_IN_USE = re.compile(
    r"\b(?:his|her|their|my|current|usual|regular(?:ly)?|already|taking|takes|took|taken|on|continu\w+|keep(?:s|ing)?|"
    r"carry(?:ing)? on|stop(?:s|ped|ping)?|com(?:e|ing) off|wean\w*|refills?|renew\w*|repeat|dos(?:e|es|ing|age)|"
    r"increas\w+|reduc\w+|lower\w*|(?:side|adverse)[- ]effects?|since|daily)\b(?! (?:all right|ok))"
    r"|正在|在(?:吃|用|服)|已(?:经)?(?:吃|用|服)|长期|目前|现用|继续|停(?:用|药|服|掉)?|减(?:量|到|少)|加量|剂量|用量|续(?:方|开)|"
    r"服用的|吃的|一直|每[日天晚早周]|(?:吃|服|用)(?:了|着|过)|副作用|不良反应",
    re.IGNORECASE,
)


def only_asked(before: str, behind: str) -> bool:
    """Whether the words around a medicine ask about it and none of them says that it is in use.

    >>> only_asked("Knee pain; asks whether ", " is all right."), only_asked("Asks whether to stop ", " now.")
    (True, False)
    >>> only_asked("膝痛，问能不能吃", "。"), only_asked("问正在吃的", "要不要停。")
    (True, False)
    """
    ends = [match.end() for match in _CLAUSE.finditer(before)]
    end = _CLAUSE.search(behind)
    lead, rest = before[max(ends, default=0) :], behind[: end.end() if end else None]
    return bool(_BEFORE.search(lead) or _BEHIND.search(rest)) and not _IN_USE.search(f"{lead} {rest}")
