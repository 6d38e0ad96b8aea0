"""Telephone, e-mail, WeChat, QQ, addresses on the net and number plates, as written in Chinese notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import any_of, words
from bedside.deid.patterns.anchors import anywhere

_SEP = r"[ \-—·.]?"
_RULES = tuple(
    (kind, name, score, anywhere(rule))
    for kind, name, score, rule in (
        (
            "PHONE",
            "mobile",
            0.9,
            rf"(?<![\d.A-Za-z])(?:\(?(?:\+|00)?86\)?{_SEP}[ ]?)?1[3-9]\d(?:\d{{8}}"
            rf"|\d{_SEP}\d{{4}}{_SEP}\d{{3}}|{_SEP}\d{{4}}{_SEP}\d{{4}}|{_SEP}\d{{4}}{_SEP}\d{{3,4}}"
            rf"|{_SEP}\d{{3}}{_SEP}\d{{5}}|(?:{_SEP}\d{{2}}){{4}}"
            rf"|{_SEP}\d{{2}}{_SEP}\d{{3}}{_SEP}\d{{3}}|{_SEP}\d{{5}}{_SEP}\d{{3}}"
            rf"|\d{{4}}{_SEP}\d{{4}})(?!\d|\.\d)",
        ),
        ("PHONE", "masked mobile", 0.85, r"(?<![\d.])1[3-9]\d{0,2}[*xX×＊]{3,8}\d{2,4}(?!\d)"),
        (
            "PHONE",
            "landline",
            0.85,
            r"(?<![\d.A-Za-z/\-])(?:(?:\+|00)86[- ]?)?\(?0(?:10|2\d"
            r"|[3-9]\d{2})\)?[-—– ]?[2-9]\d{2,3}[- ]?\d{3,4}(?!\d)(?: ?(?:转|分机|ext\.?|-) ?\d{1,6})?",
        ),
        (
            "PHONE",
            "landline in groups",
            0.85,
            r"(?<![\d.A-Za-z/\-])0\d{2,3}[- ][2-9]\d{1,3}(?: \d{2,4}){1,2}(?![\d.]| ?(?:mg|ml|cm|%))",
        ),
        (
            "PHONE",
            "service number",
            0.85,
            r"(?<![\d.])[48]00[- ]?\d{3}[- ]?\d{4}(?!\d)|(?<![\d.])[48]00-\d{4}-\d{3}(?!\d)",
        ),
        (
            "EMAIL",
            "e-mail",
            0.95,
            r"[A-Za-z0-9._%+\-]{1,64} ?(?:@|\(at\)|#)"
            r" ?[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,3}\.[A-Za-z]{2,24}(?![A-Za-z0-9])",
        ),
        (
            "URL",
            "web address",
            0.9,
            r"(?:https?|ftp)://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{3,200}"
            r"|(?<![A-Za-z0-9@.])www\.[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{2,63}){1,4}(?:/[A-Za-z0-9\-._~/?#=&%]{0,100})?",
        ),
        (
            "URL",
            "web address",
            0.8,
            r"(?<![A-Za-z0-9@.\-])[A-Za-z0-9][A-Za-z0-9\-]{1,62}(?:\.[A-Za-z0-9\-]{2,63}){0,3}\.(?:com"
            r"|cn|net|org|gov|edu)(?:\.cn)?(?:/[A-Za-z0-9\-._~/?#=&%]{0,100})?(?![A-Za-z0-9])",
        ),
        (
            "URL",
            "network address",
            0.8,
            r"(?:(?<=IP)|(?<=IP[:： ])|(?<=地址)|(?<=地址[:： ])|(?<=[^\d.]))(?:(?:25[0-5]|2[0-4]\d"
            r"|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])",
        ),
        (
            "LICENSE_PLATE",
            "boat",
            0.85,
            r"[津冀辽鲁苏沪浙闽粤桂琼][\u4e00-\u9fff]{1,2}渔[\u4e00-\u9fff]? ?\d{4,5}(?!\d)",
        ),
        (
            "LICENSE_PLATE",
            "plate",
            0.85,
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][ ·•.\-]?(?:[A-HJ-NP-Z0-9]{5,6}"
            r"|[A-HJ-NP-Z0-9]{4}[警学挂港澳急试超领使])(?![A-Za-z0-9])(?:[(]临[)])?|粤Z[ ·•]?[A-Z0-9]{4}[港澳]"
            r"|WJ[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\d{4,5}",
        ),
    )
)
_CHAT = anywhere(
    r"(?:微信号?|微信ID|加?V信|薇信|威信|wx|WX|VX|vx|WeChat|wechat|Wechat|QQ号?码?|qq号?码?"
    r"|扣扣号?|企鹅号?|q号|Q号|钉钉号?|微信/手机)(?:号码?)?(?:\(?同号\)?)?(?:是|为|[:：]|就是"
    r"|号|ID)? {0,2}"
    r"([A-Za-z][A-Za-z0-9_\-]{4,25}|wxid_[A-Za-z0-9]{4,24}|\d{5,12})(?![A-Za-z0-9@])"
    r"|(?:QQ|qq|扣扣|QQ空间)(?:号码?)? ?[:(]? ?(?P<spaced>\d{3,4}(?: \d{2,4}){1,3})(?![\d@])"
    rf"|(?:{any_of(words('contacts chat'))}) ?[:] ?(?P<public>[A-Za-z][A-Za-z0-9_\-]{{3,25}})"
)
_WXID = anywhere(r"(?<![A-Za-z0-9_])wxid_[A-Za-z0-9]{4,24}")
_TELEPHONE = anywhere(
    rf"(?:{any_of(words('contacts telephone'))})(?:号码?)?(?:\([^()]{{1,6}}\))?(?:是|为"
    rf"|[:：|])? {{0,3}}(\+?[\d(][\d\-() *xX]{{3,20}}[\dxX])(?![A-Za-z])(?: ?(?:转|-) ?(\d{{1,6}}))?"
)


_SHORT_NUMBER = anywhere(
    rf"(?:{any_of(words('contacts short number'))})(?:号码?)?(?:[:]|是|为)? {{0,3}}(\d{{3,6}})"
    r"(?![\d.%:/年月日时点分次个元人例天小]|[-~—]\d| ?[a-zA-Zμ])"
    r"|(?:(?<=[→>])|(?<=[,，;；。 ])|(?<=请)|(?<=可)|(?<=回))[打电拨](?P<dialled>\d{4,6})(?![\d.%年月日时点分次个元人])"
)
_HONG_KONG = anywhere(r"(?<=[(])[235-9]\d{3} \d{4}(?=[)])")
_SPACED_MOBILE = anywhere(r"(?<!\d)(?<!\d )1 [3-9](?: \d){9}(?! ?\d)")
_HANDLE = anywhere(r"(?<![A-Za-z0-9_.@/\-])[A-Za-z][A-Za-z0-9]{1,19}[_\-][A-Za-z0-9_\-]{2,20}(?![A-Za-z0-9_@.])")
_CHAT_NEAR = re.compile(r"微信|[Vv]信|薇信|[加添]我|[加添]您|[加添]一?下|WeChat|wechat|VX|vx|QQ|qq|昵称|账号|ID|我的是")
_SENT_TO = re.compile(r"(?:发到|发给|发至|传到|传给|转给|回复|私信) ?\Z")
_HANDLE_REACH = 16
_QQ_VISITOR = anywhere(r"(?:来访者?|网友|用户|学员|咨询者)[(]([1-9]\d{7,10})(?=[,，)])")


def _handles(text: str) -> Iterator[Candidate]:
    """Account names without a label of their own, near a word of chatting: `加我susu_ped_0417`."""
    for match in _HANDLE.finditer(text):
        shown = match.group()
        if "_" not in shown and not (any(map(str.isdigit, shown)) and shown.islower()):
            continue
        sent = shown.islower() and _SENT_TO.search(text, max(0, match.start() - 4), match.start())
        if sent or _CHAT_NEAR.search(text, max(0, match.start() - _HANDLE_REACH), match.start()):
            yield Candidate(match.start(), match.end(), "WECHAT/QQ", 0.85, "account near a word of chatting")
    for match in _QQ_VISITOR.finditer(text):
        yield Candidate(match.start(1), match.end(1), "WECHAT/QQ", 0.85, "visitor's number")


def recognise_contacts(text: str) -> Iterator[Candidate]:
    """Ways to reach a person."""
    for kind, name, score, rule in _RULES:
        for match in rule.finditer(text):
            yield Candidate(match.start(), match.end(), kind, score, name)
    for match in _CHAT.finditer(text):
        yield Candidate(*match.span(match.lastindex or 0), "WECHAT/QQ", 0.9, "chat account")
    for match in _WXID.finditer(text):
        yield Candidate(match.start(), match.end(), "WECHAT/QQ", 0.9, "chat account")
    yield from _handles(text)
    for match in _SHORT_NUMBER.finditer(text):
        group = 1 if match[1] else "dialled"
        yield Candidate(match.start(group), match.end(group), "PHONE", 0.8, "short number")
    for rule in (_SPACED_MOBILE, _HONG_KONG):
        for match in rule.finditer(text):
            yield Candidate(match.start(), match.end(), "PHONE", 0.85, "telephone in groups")
    for match in _TELEPHONE.finditer(text):
        if sum(map(str.isdigit, match[1])) >= 5:
            yield Candidate(match.start(1), match.end(), "PHONE", 0.85, "number after telephone")
