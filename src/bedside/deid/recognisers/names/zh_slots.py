"""Names that their place gives away, whatever they look like: after a role, a label, a bed, `叫`, or as a signature.

`女婿妥进才签字`, `技师 强`, `7床 常青，`, `真名纳雪`, `@甘甜`; `女儿陪同`,
`技师 完成` and `7床 发热` stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, any_of, is_listed_word, is_word, words
from bedside.deid.patterns.anchors import anywhere
from bedside.deid.recognisers.names.en_logged import TIMED, timed_initials
from bedside.deid.recognisers.names.zh_cues import cue_after, cue_before
from bedside.deid.recognisers.names.zh_forms import STAFF_LABELS
from bedside.deid.recognisers.names.zh_model import given_odds
from bedside.deid.recognisers.names.zh_shapes import clinical, given_characters, name_end, surname_at, surnames

_PERSON = any_of(words("slots person"))
_STAFF = any_of(words("slots staff"))
_FIRST = "".join(sorted({word[0] for word in words("slots person").split() + words("slots staff").split()}))
_ROLE = anywhere(rf"(?=[{_FIRST}])(?:(?P<person>{_PERSON})|(?P<staff>{_STAFF}))")
_CALLED = anywhere(
    rf"(?:{any_of(words('slots called'))})[是为叫]?[: ]?[“\"「『]?([{HAN}]{{2,4}}?)(?=[”\"」』,，。;；)、\s]|的"
    rf"|$|,|[(]|女士|先生)"
)
_CHOSEN = anywhere(
    rf"(?:昵称|网名|用户名|微信名) ?:? ?[“\"「『]?(?P<nick>(?![不无未])[{HAN}A-Za-z\d_.~]{{2,12}})"
    r"(?=[”\"」』,，。;；)\s(]|$)"
    r"|缩写 ?:? ?(?P<letters>[A-Z]{2,5})(?![A-Za-z])",
    re.M,
)
"""What somebody calls himself, or is called by letters in a trial: 昵称：一叶知秋, 受试者缩写：ZHYX."""
_SPEAKER = anywhere(rf"^[【\[]?([{HAN}]{{2,4}})[】\]]?:(?=[^\s])", re.M)
_OF_CHILD = anywhere(
    rf"(?:^|(?<=[【@,，。:\s]))([{HAN}]{{2}})(?:妈妈|爸爸|妈|爸|奶奶|爷爷|姥姥|外婆)(?=[】:,，。\s说问])", re.M
)
_LABEL = anywhere(
    rf"(?:^|(?<=[^{HAN}]))(?:{any_of(STAFF_LABELS + ' ' + words('slots duty'))})(?:\([^()\n]{{1,6}}\))?"
    r"(?P<mark> ?: ?| {1,4})"
    rf"(?=[{HAN}]{{1,4}}(?:[^{HAN}]|$))",
    re.M,
)
_MORE = re.compile(rf" ?[、/,，→] ?(?=[{HAN}]{{1,4}}(?:[^{HAN}]|$))")
_RUN = re.compile(rf"[{HAN}]{{1,4}}(?![{HAN}])")
_BED = anywhere(rf"(?:\d床|机位\d{{1,2}}|\d-\d{{1,2}}) ?[,，]? ?([{HAN}]{{2,3}})(?=[ ,，。(]|的)")
_SIGNED = anywhere(
    rf"(?:^ {{6,}}|(?<=[。;；,，]) {{2,}}|(?<=[^\s]) {{8,}}|——|@)([{HAN}]{{2,3}})(?= *$| *\n|(?<=@..)[ ,，])", re.M
)
_SURNAME_ALONE = anywhere(rf"(?=[{_FIRST}])(?:{_STAFF})([{HAN}])(?=[,，。;；:)\s/]|$|某)")
_DUTY_ALONE = anywhere(rf"(?:{any_of(words('slots alone'))})([{HAN}])(?=[,，。;；、)\s/]|$)", re.M)
"""填表薛，接线喻。"""
_TITLED = anywhere(rf"([{HAN}])(?:{any_of(words('slots title'))})(?![{HAN}]?(?:查房|医师|制度|办公|室|站|台|长))")
_ONE_SIGN_TITLED = anywhere(rf"([{HAN}])[{words('slots title of one')}]")
"""黎总, 王姐, 陈叔: the title of one character goes with the surname, of which it is half."""
_KIN = frozenset("姐哥嫂姨叔伯婶")
_FAMILIAR_AFTER = "|".join(f"(?<={word})" for word in words("slots familiar after").split())
_FAMILIAR = anywhere(
    rf"(?:^|(?<=[^{HAN}])|(?<=[床的给找叫是由请与和友])|{_FAMILIAR_AFTER})"
    rf"([老小]([{HAN}]))(?=医生|护士|大夫|老师|头|[,，。;；:)\s]|$|跟车|接的|在|说|态度|请|来|家|送|问)"
)
_ALL_HAN = re.compile(f"[{HAN}]+")
_NOT_NAMES = frozenset(words("forms not names").split()) | frozenset(words("slots not names").split())
_ENDS = frozenset("科室部组院区站楼层床号单书录表告证图片班岗者员")
_NOT_FAMILIAR = frozenset(
    "师板人年家婆公汉太伴区院学时心便腿量孩儿子女组剂火于样病弟妹姐哥伙友夫妻毛牛费灶乡大小节腹产脑叶鱼狗猫米"
    "头颅颌颏面脸眼睑耳鼻嘴口唇舌牙齿手脚足指趾肢臂乳睾肾肝脾肺胃肠胆骨斑疹疱痣囊裂洞点块号型"
)
_GRAMMAR = frozenset(
    "一不未没又再还仍已正将曾能可会要想应需请让被把对向从到至在与和及或为由因以其该各每某这那哪何自己们说问"
)


def recognise_slots(text: str) -> Iterator[Candidate]:
    """Names by the slot that they fill."""
    yield from _after_roles(text)
    yield from _after_labels(text)
    for rule, score, name in (
        (_CALLED, 0.85, "name after being called"),
        (_BED, 0.75, "name after a bed"),
        (_SIGNED, 0.8, "name as a signature"),
    ):
        for match in rule.finditer(text):
            shown = match[1]
            if _may_be_name(shown) and (rule is _CALLED or _likely(shown)):
                yield Candidate(match.start(1), match.end(1), "NAME", score, name)
    for match in _CHOSEN.finditer(text):
        yield Candidate(*match.span("nick" if match["nick"] else "letters"), "NAME", 0.85, "chosen name")
    for match in _SPEAKER.finditer(text):
        whole = name_end(match[1], 0, sure=True) == len(match[1]) and not is_word(match[1])
        if (whole or surnames().get(match[1]) == "compound") and _may_be_name(match[1]):
            yield Candidate(match.start(1), match.end(1), "NAME", 0.8, "name of a speaker")
    for match in _OF_CHILD.finditer(text):
        if all(char in given_characters() for char in match[1]) and _may_be_name(match[1]):
            yield Candidate(match.start(1), match.end(1), "NAME", 0.8, "name before a parent")
    yield from _short_forms(text)
    yield from timed_initials(text, TIMED.rule.finditer(text))  # one pattern of words is not worth a survey for them


def _after_roles(text: str) -> Iterator[Candidate]:
    for match in _ROLE.finditer(text):
        kind = "NAME" if match["person"] else "STAFF"
        at = match.end() + (text[match.end() : match.end() + 1] in (" ", "“", "(", ","))
        if end := _slot_end(text, at):
            yield Candidate(at, end, kind, 0.8, "name in the slot after a role")
    for match in _SURNAME_ALONE.finditer(text):
        if match[1] in surnames() and match[1] not in _GRAMMAR and not is_word(text[match.start(1) - 1 : match.end(1)]):
            yield Candidate(match.start(1), match.end(1), "STAFF", 0.8, "surname after a role")
    for match in _DUTY_ALONE.finditer(text):
        if _is_surname(text, match.start(1)):
            yield Candidate(*match.span(1), "STAFF", 0.78, "surname after a duty")


def _slot_end(text: str, at: int) -> int | None:
    """The end of two or three characters that fill the slot after a role, up to a break, a title or an act."""
    for size in (3, 2):
        shown = text[at : at + size]
        if len(shown) < size or not _may_be_name(shown) or is_word(shown):
            continue
        after = cue_after(text, at + size)
        surname = surname_at(text, at) or (text[at] if text[at] in _rare_surnames() else "")
        least = -1 if surname and size == 3 else 0 if surname else 1
        if size == 3 and is_word(shown[:2]) and not (surname and given_odds(shown[1:]) > 1):
            continue
        if (
            after in ("break", "sex", "act", "title")
            and given_odds(shown[1:]) >= least
            and (surname or not is_word(shown[1:]))
        ):
            return at + size
    return None


def _after_labels(text: str) -> Iterator[Candidate]:
    """`医师：安`, `一线 来福生`, `护 青梅、小满`: the whole run, and those that follow it in a list."""
    for match in _LABEL.finditer(text):
        at, firm = match.end(), ":" in match["mark"]
        while run := _RUN.match(text, at):
            shown = run.group()
            alone = len(shown) == 1 and shown in surnames() and shown not in _GRAMMAR
            if not (alone or (len(shown) > 1 and _may_be_name(shown) and (firm or _likely(shown)))):
                break
            yield Candidate(at, run.end(), "STAFF", 0.88, "name in the slot after a label")
            more = _MORE.match(text, run.end())
            if more is None or text[run.end() : run.end() + 1] in ("，", ","):
                break
            at = more.end()


def _short_forms(text: str) -> Iterator[Candidate]:
    """A surname before an address, `老肖` and `小苏`."""
    for match in _ONE_SIGN_TITLED.finditer(text):
        if _is_surname(text, match.start()) and not is_word(match.group()) and _is_told(text, *match.span()):
            yield Candidate(*match.span(), "NAME", 0.78, "surname with an address of one character")
    for match in _TITLED.finditer(text):
        if _is_surname(text, match.start()):
            yield Candidate(match.start(1), match.end(1), "STAFF", 0.78, "surname before an address")
    for match in _FAMILIAR.finditer(text):
        if (
            match[2] not in _NOT_FAMILIAR
            and not is_word(match[1])
            and not is_word(match[1] + text[match.end() : match.end() + 1])
        ):
            yield Candidate(match.start(1), match.end(1), "NAME", 0.75, "familiar name")


def _is_told(text: str, at: int, end: int) -> bool:
    """Whether a short form ends where a person would; that of kin may instead begin where one would (齐婶煮的)."""
    if cue_after(text, end) in ("break", "act"):
        return True
    return text[end - 1] in _KIN and cue_before(text, at) in ("break", "person", "verb")


def _is_surname(text: str, at: int) -> bool:
    """Whether the character is a surname in earnest and does not end the word before it."""
    sign, before = text[at], text[max(0, at - 1) : at]
    listed = surnames().get(sign) == "common" or sign in _rare_surnames()
    return listed and sign not in _GRAMMAR and not is_word(before + sign)


@cache
def _barred() -> frozenset[str]:
    return clinical() - given_characters() - frozenset("大小长有如会来多雪海天月明光可以")


@cache
def _rare_surnames() -> frozenset[str]:
    return frozenset(words("slots rare surnames"))


def _may_be_name(shown: str) -> bool:
    """No label, no department, no word of grammar or of the clinic."""
    if _ALL_HAN.fullmatch(shown) is None or shown in _NOT_NAMES or is_listed_word(shown) or shown[-1] in _ENDS:
        return False
    return not any(char in _barred() or char in _GRAMMAR for char in shown)


def _likely(shown: str) -> bool:
    """Whether the characters are more of names than of texts."""
    listed = surnames().get(shown[0]) is not None
    return given_odds(shown[1:] if listed else shown) >= (0 if listed else 2)
