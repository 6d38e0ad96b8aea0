"""Patients, relatives and friends in running text: `患者张伟诉`, `其妻李秀英`, `由女儿陈静陪同`, `李先生`, `张某某`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, any_of, is_word, words
from bedside.deid.patterns.anchors import anywhere
from bedside.deid.recognisers.names.zh_forms import PATIENT_LABELS, RELATIVE
from bedside.deid.recognisers.names.zh_shapes import (
    DOTS,
    LATIN_NAME,
    foreign_name_end,
    given_characters,
    name_end,
    surname_at,
    surnames,
    unlisted_name_end,
)

_ROLES = any_of(
    "患者 病人 患儿 产妇 孕妇 伤者 死者 逝者 病员 家属 家人 亲属 联系人 监护人 陪护 陪人 护工"
    " 保姆 朋友 好友 友人 同事 工友 邻居 户主 同学 室友 舍友 战友 老乡 村民 居民 市民 司机"
    " 学生 来访者 受检者 被鉴定人 被监护人 代理人 委托人 "
    "受试者 住户 旅客 乘客 男子 女子 老人 老汉 职工 员工 工人 农民 教师 战士 供者 受者 志愿者"
    " 我叫 名叫 叫做 本人 名字是 名字叫 姓名是 姓名为 患者名 署名 化名 曾用名 更名为 改名为"
)
_AFTER_ROLE = anywhere(
    rf"(?:{_ROLES}|{any_of(PATIENT_LABELS)})(?:之?(?:{RELATIVE})|[是为叫系]| ?[(:“\"'【] ?"
    rf"|[ ,，](?=[{HAN}]{{2,4}}[,，(（ ]?[男女]))?"
)
_LONG_RELATIVE = "|".join(word for word in RELATIVE.split("|") if len(word) > 1)
_AFTER_KIN = anywhere(
    rf"(?:(?:其|患者|患儿|病人|之|(?<=[父母夫妻])、)(?:{RELATIVE})|(?:的|我|由|与|和|及|、|,|。"
    rf"|;|:|\(|\n|^| )(?:{_LONG_RELATIVE}))(?:[:(“\"] ?|[是为叫系]|名叫| )?"
)
_DOTTED = anywhere(
    rf"(?<![{HAN}{DOTS}])[{HAN}A-Z]{{1,8}}[{DOTS}](?=[{HAN}])|(?<=[由与和向经被请])[{HAN}]{{2,6}}[{DOTS}](?=[{HAN}])"
)
_EPONYM = re.compile(r"[综病征症氏术法试]")
_LATIN = anywhere(
    rf"(?<![A-Za-z])({LATIN_NAME.pattern})(?= ?[,，(（|] ?(?:[男女]|\d{{1,3}} ?岁))"
    rf"|(?<![A-Za-z])({LATIN_NAME.pattern})(?= ?[(（][{HAN}]{{2,4}}[)）])"
    rf"|(?<=[{HAN}])[(（]((?:{LATIN_NAME.pattern}))[)）](?=[,， ]{{0,2}}[男女])"
)
_LATIN_BEFORE_HAN = anywhere(rf"(?<![A-Za-z])({LATIN_NAME.pattern}) ([{HAN}]{{2,4}})(?![{HAN}])")
_ADVERBS = frozenset(words("people adverbs").split())
_FRAMED = re.compile(rf"([{HAN}]{{2,4}})(?:[(][^()\n]{{1,20}}[)])?[,|( ]{{1,2}}[男女]性?(?=[ ,|;。)/\d\n]|$)")
_NICKNAME = re.compile(rf"(?:[小阿][{HAN}]|([{HAN}])\1)(?=[,，。;；、()）\s陪代诉述提签说和帮由]|在|为|及|联系|$)")
_HONORIFIC = any_of(words("people honorific"))
_TITLED = anywhere(rf"([{HAN}]{{1,2}}) ?(?:{_HONORIFIC})(?![症病征])")
_MASKED = anywhere(rf"([{HAN}]{{1,2}})(?:某某?|[×＊*]{{1,3}}|[xX]{{1,2}}(?![A-Za-z0-9]))")
_CELL = anywhere(rf"(?:^|(?<=[\n ,;:。|】\])])|(?<=\d床)|(?<=\d床 )|\d床 ?)([{HAN}]{{2,4}})(?=[ ,(。|;\n]|$)", re.M)
_FAMILIAR = anywhere(
    rf"[老小]([{HAN}])(?:[某](?=[{HAN}]))?(?=(?:护士|医生|老师|师傅|同学|拒绝|诉|说|述|称|值班|代|打|帮|跟|约"
    rf"|完成|执行|查|陪|送|来|今|已|家|的[妻丈儿女父母]|[,，。;；、和与]))"
)
_BEFORE_FAMILIAR = re.compile(
    r"(?:^|[\s,，。;；、:：(（床由请与和让叫是向给]|告知|通知|护士|同事|工友|邻居|朋友|家属|司机|[机友事师属人])$"
)
_FAMILIAR_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕卢蒋蔡贾丁魏薛阎余潘戴钟田任姜范姚谭廖邹熊陆郝孔崔邱秦史顾侯邵孟龙段钱尹黎武赖龚文"
)
_OF_SURNAME = anywhere(r"姓(?=男|女|患者|病人|老[人汉太伯]|妇|青年|村民|家属|司机|乘客|游客)")
"""舒姓男子."""
_BOUNDARY = r"(?:^|(?<=[\s,，。;；:：!！?？、)）(（】\]床]))"
_SUBJECT = anywhere(
    rf"{_BOUNDARY}(?=[{HAN}]{{2,4}}?(?:诉|自诉|主诉|自述|述|称|表示|拒绝|要求|同意|签字|签名|因"
    rf"|于|入院|来院|来诊|就诊|陪同|代诉|系|病情|生命体征|术后|神志|一般情况|家住|今日|昨日"
    rf"|夜间|突发|突然|出现|反映|说|确诊|"
    rf"[,，(（][男女]|由|在|服用|自觉|已|家属|被|近|目前|体温|血压|血糖|的))"
)
_LINK = re.compile(rf"(?:\([^()\n]{{1,12}}\))? ?(?:[、和及与]|以及) ?(?:其?(?:{RELATIVE})(?=[{HAN}]))?")
_AFTER_VERB = anywhere(
    r"(?P<firm>由|随访|访视|探视|嘱咐?|转告|核实为|确认为|证实为|[名姓]?叫|改名|更名|请|告知|通知|联系|经"
    r"|邀请|询问|交给|委托|报告)|[与和向同被让送给及找]"
)
_ACTS = re.compile(
    r" ?(?:陪同|陪护|陪伴|陪诊|签字|签名|沟通|查房|会诊|交代|交待|说明|谈话|主刀|完成|实施"
    r"|执行|护送|送[至来往入]|提供|代[诉述为]|联系|协助|负责|接[诊待班]|办理|转述|观看|告知"
    r"|通知|主持|操作|照[顾料]|送|处|等|本人|的|说|反映|讲|进行|随行|共同|一起|知晓|知情|表示"
    r"|报警|搀扶|抱|电话|带)"
)
_DOES = re.compile(rf" ?[,，。;；:：)）、(（\n]|{_ACTS.pattern}")


def recognise_people(text: str) -> Iterator[Candidate]:
    """Names of patients and the people around them in running text."""
    yield from _introduced(text)
    yield from _addressed(text)
    yield from _bare(text)
    yield from _foreign(text)
    for match in _CELL.finditer(text):
        at, end = match.span(1)
        if name_end(text, at, sure=match.start() < at) == end and (_trusted(text, at) or match.start() < at):
            yield Candidate(at, end, "NAME", 0.8 if end - at > 2 else 0.7, "name on its own")


def _foreign(text: str) -> Iterator[Candidate]:
    """Names with dots wherever they stand, and Latin names beside a sex, an age or a Chinese name."""
    for match in _DOTTED.finditer(text):
        end = foreign_name_end(text, match.start())
        if end and not _EPONYM.match(text, end):
            yield Candidate(match.start(), end, "NAME", 0.85, "name with dots")
    for match in _LATIN_BEFORE_HAN.finditer(text):
        if name_end(text, match.end() + 1, sure=True) == match.end(2):
            yield Candidate(match.start(), match.end(2), "NAME", 0.8, "Latin name with a Chinese one")
    for match in _LATIN.finditer(text):
        start, end = match.span(match.lastindex or 0)
        yield Candidate(start, end, "NAME", 0.8, "Latin name")


def _introduced(text: str) -> Iterator[Candidate]:
    """After a role or a kinship word."""
    for rule in (_AFTER_ROLE, _AFTER_KIN):
        for match in rule.finditer(text):
            at = match.end()
            if latin := LATIN_NAME.match(text, at):
                yield Candidate(at, latin.end(), "NAME", 0.85, "name after a role")
            elif end := _introduced_end(text, at):
                yield from _listed(text, at, end)
            elif surname_at(text, at) and (framed := _FRAMED.match(text, at)):
                yield Candidate(at, framed.end(1), "NAME", 0.85, "name between a role and a sex")
            elif (end := unlisted_name_end(text, at)) and end - at > 2:
                yield Candidate(at, end, "NAME", 0.75, "unlisted name after a role")
            elif (nick := _NICKNAME.match(text, at)) and _is_pet_name(nick.group()):
                yield Candidate(at, nick.end(), "NAME", 0.75, "pet name after a kinship word")


def _is_pet_name(shown: str) -> bool:
    """小敏 and 乐乐, not 小腿 or 常常."""
    if shown[0] == shown[1]:
        return shown[0] in given_characters() and shown not in _ADVERBS
    return shown[1] in given_characters() and not is_word(shown)


def _listed(text: str, at: int, end: int) -> Iterator[Candidate]:
    """A name and those that follow it after 、 or 和."""
    yield Candidate(at, end, "NAME", 0.85, "name after a role")
    for _ in range(8):
        link = _LINK.match(text, end)
        following = name_end(text, link.end()) if link and _trusted(text, link.end()) else None
        if link is None or following is None:
            return
        at, end = link.end(), following
        yield Candidate(at, end, "NAME", 0.8, "name in a list")


def _introduced_end(text: str, at: int) -> int | None:
    """The end of a name after a role; a surname that is also a word needs a break or a verb after the name."""
    if _trusted(text, at):
        return name_end(text, at, sure=True)
    end = name_end(text, at)
    return end if end and (not re.match(f"[{HAN}]", text[end : end + 1]) or _VERB.match(text, end)) else None


def _trusted(text: str, at: int) -> bool:
    return surnames().get(surname_at(text, at)) != "wordlike"


def _addressed(text: str) -> Iterator[Candidate]:
    """Surname with a form of address, masked names, and 老王 or 小李."""
    for match in _TITLED.finditer(text):
        if start := _surname_start(text, match.start(1), match.end(1)):
            yield Candidate(start - 1, match.end(), "NAME", 0.78, "surname with address")
    for match in _MASKED.finditer(text):
        if start := _surname_start(text, match.start(1), match.end(1)):
            yield Candidate(start - 1, match.end(), "NAME", 0.78, "masked name")
    for match in _OF_SURNAME.finditer(text):
        if text[match.start() - 1 : match.start()] in surnames():
            yield Candidate(match.start() - 1, match.start(), "NAME", 0.8, "surname of somebody not named")
    for match in _FAMILIAR.finditer(text):
        if match[1] in _FAMILIAR_SURNAMES and _BEFORE_FAMILIAR.search(text[max(0, match.start() - 2) : match.start()]):
            yield Candidate(match.start(), match.end(), "NAME", 0.75, "familiar name")


def _surname_start(text: str, start: int, end: int) -> int:
    """One more than where the surname that ends at `end` begins; 0 when there is none or it is part of a word."""
    for at in (start, end - 1):
        kind = surnames().get(text[at:end])
        if at and (text[at - 1].isdigit() or is_word(text[at - 1 : end])):
            continue
        if kind == "compound" or kind == "common":
            return at + 1
        if kind == "wordlike" and (
            at == 0 or not re.match(f"[{HAN}]", text[at - 1]) or text[at - 1] in "人者属由请与和患系板友邻"
        ):
            return at + 1
    return 0


def _bare(text: str) -> Iterator[Candidate]:
    """Names with no role before them: the subject of a clinical verb, or the object of 由, 请, 告知."""
    for match in _SUBJECT.finditer(text):
        end = name_end(text, match.end(), sure=True) if _trusted(text, match.end()) else None
        if end and _VERB.match(text, end):
            yield Candidate(match.end(), end, "NAME", 0.8, "name before a verb")
    for match in _AFTER_VERB.finditer(text):
        at = match.end()
        end = name_end(text, at, sure=match["firm"] is not None) if _trusted(text, at) else None
        if end and ((end - at > 2 and match["firm"]) or (_DOES if match["firm"] else _ACTS).match(text, end)):
            yield Candidate(at, end, "NAME", 0.8, "name after a verb")


_VERB = re.compile(
    r"诉|自诉|主诉|自述|述|称|表示|拒绝|要求|同意|签字|签名|因|于|入院|来院|来诊|就诊|陪同"
    r"|代诉|系|病情|生命体征|术后|神志|一般情况|家住|今日|昨日|夜间|突发|突然|出现|反映|说"
    r"|确诊|"
    r"[,，(（] ?[男女]|由|在|服用|自觉|已|家属|被|近|目前|体温|血压|血糖|的|亦|也|均|曾|是|患"
    r"|现|先|主动|认为|担心|自行|能|可|不|无|未|有"
)
