"""Identity leaking out: a name, a number or an address in what is proposed, unless the evidence has it already.

Texts that a proposal may rest on have lost their identity at the door (deid/), or are published; what stands there, a
surrogate or the telephone number of a public service, may be said again. Dates and ages are left to the door.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside import drugs
from bedside.lang import tr
from bedside.types import Finding, Proposal, Severity, Span

KINDS = {
    "NAME": ("a name", "姓名"),
    "STAFF": ("a name of staff", "医务人员姓名"),
    "HOSPITAL": ("a hospital's name", "医院名称"),
    "ADDRESS": ("an address", "地址"),
    "PHONE": ("a telephone number", "电话号码"),
    "EMAIL": ("an e-mail address", "电子邮箱"),
    "ID": ("a number of a person", "证件或病历号"),
    "ACCOUNT": ("an account", "账号"),
    "LICENSE_PLATE": ("a licence plate", "车牌号"),
    "WECHAT/QQ": ("an account of a messenger", "微信或QQ号"),
    "BED/ROOM": ("a bed or room", "床号或房号"),
}
"""What of `IDENTITY_TYPES` names a person or leads to one; the others are parts of advice ("review on 3 March")."""
EMERGENCY_NUMBERS = frozenset(
    ["110", "112", "119", "120", "122", "911", "988", "999", "12320", "12345", "12356", "116123"]
)
"""Numbers that advice has to name: police, fire, ambulance and lines for people in a crisis."""
_ONE_WORD = re.compile(r"(?:(?:Dr|Mr|Mrs|Ms|Miss|Prof)\.? ?)?[A-Z][a-z'’-]+")
SOURCE = "HIPAA Privacy Rule, 45 CFR 164.514(b)(2); 个人信息保护法, 2021"


class Identity:
    """Blocks what names a person; the finding says what kind of thing it is, never what it says.

    >>> [one.reason for one in GUARD.check(Proposal(text="Call Mary O'Connor on 415-555-0138."))]
    ['a name in the proposal', 'a telephone number in the proposal']
    """

    name = "identity"
    order = 20

    def check(self, proposal: Proposal) -> list[Finding]:
        """A finding for each kind of identity, with all its places."""
        places: dict[str, list[Span]] = {}
        for span in _leaks(proposal):
            places.setdefault(span.type, []).append(span)
        return [_finding(kind, spans, proposal.text) for kind, spans in places.items()]


def _leaks(proposal: Proposal) -> Iterator[Span]:
    """Identity in the proposal that its evidence does not have; a medicine's name was taken for none."""
    from bedside.deid import find

    text = proposal.text
    medicines = [(one.start, one.end) for one in drugs.find(text)]
    for span in find(text):
        said = text[span.start : span.end]
        evident = any(said in one for one in proposal.evidence)
        medicine = any(start < span.end and span.start < end for start, end in medicines)
        if span.type in KINDS and not (evident or medicine or _is_none(said)):
            yield span


def _is_none(said: str) -> bool:
    """Whether words are a public emergency number, or English without a capital, digit or sign."""
    numbers = [re.sub(r"\D", "", one) for one in re.findall(r"\d[\d -]*\d", said)]
    if numbers and set(numbers) <= EMERGENCY_NUMBERS and len(said) <= sum(map(len, numbers)) + 3:
        return True
    return said.isascii() and said.islower() and not re.search(r"[@\d]", said)


def _severity(kind: str, spans: list[Span], text: str) -> Severity:
    """A lone surname or first name, as in "Dr Smith", leads to nobody by itself; a place only with other things."""
    if kind in ("HOSPITAL", "BED/ROOM"):
        return "warning"
    alone = all(_ONE_WORD.fullmatch(text[span.start : span.end]) for span in spans)
    return "info" if kind in ("NAME", "STAFF") and alone else "critical"


def _finding(kind: str, spans: list[Span], text: str) -> Finding:
    what = tr(*KINDS[kind])
    rule = f"identity.{kind.lower().replace('/', '-').replace('_', '-')}"
    reason = tr(f"{what} in the proposal", f"建议中含有{what}")
    return Finding(rule=rule, severity=_severity(kind, spans, text), reason=reason, source=SOURCE, spans=tuple(spans))


GUARD = Identity()
