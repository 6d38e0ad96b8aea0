"""Identity leaking out: a name, a number or an address in what is proposed, unless the evidence has it already.

Texts that a proposal may rest on have lost their identity at the door (deid/), or are published; what stands there, a
surrogate or the telephone number of a public service, may be said again. Dates and ages are left to the door.
"""

from __future__ import annotations

from bedside.lang import tr
from bedside.types import Finding, Proposal, Span

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
        from bedside.deid import find

        places: dict[str, list[Span]] = {}
        for span in find(proposal.text):
            said = proposal.text[span.start : span.end]
            if span.type in KINDS and not any(said in text for text in proposal.evidence):
                places.setdefault(span.type, []).append(span)
        return [_finding(kind, spans) for kind, spans in places.items()]


def _finding(kind: str, spans: list[Span]) -> Finding:
    what = tr(*KINDS[kind])
    rule = f"identity.{kind.lower().replace('/', '-').replace('_', '-')}"
    reason = tr(f"{what} in the proposal", f"建议中含有{what}")
    return Finding(rule=rule, severity="critical", reason=reason, source=SOURCE, spans=tuple(spans))


GUARD = Identity()
