"""Pregnancy, breast-feeding, contraception and the ability to bear children, each with its denial in the wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bedside.trials.criteria.claims import Claim, Taken
from bedside.trials.criterion import Condition, Op

_WOMEN = (
    r"(?:\s*(?:female (?:patients?|subjects?|participants?)|(?:women|woman|females?|"
    r"mothers?)\b|妇女|女性(?:患者|受试者)?|的?女性?患者|期妇女|期女性|者))?"
)


_THOSE = (
    r"(?:women|woman|females?|female (?:patients?|subjects?|participants?)|those|patients?|"
    r"subjects?|participants?) (?:who are )?(?:of|with) "
)


class _Wording(NamedTuple):
    concept: str
    op: Op
    words: str
    qualifiers: tuple[str, ...] = ()


_WORDINGS = (
    _Wording(
        "pregnancy",
        "absent",
        r"(?:negative|a negative)(?: (?:serum|urine|blood|or|and|hcg|β-hcg|beta-hcg))*(?: "
        r"pregnancy tests?| hcg)|(?:血清?|尿液?)?(?:或尿)?(?:妊娠|hcg|β-hcg|早孕)(?:试验|"
        r"检查|检测|测试)?(?:结果)?(?:必须|应|需|须)?(?:为|呈)?阴性|"
        r"pregnancy tests? (?:must be |should be |is |was |are )?negative|negative "
        r"pregnancy|非妊娠|未怀孕|未妊娠|未孕|\bnon-?pregnant\b|\bnot (?:be )?(?:currently "
        r")?pregnant\b",
    ),
    _Wording(
        "pregnancy",
        "present",
        r"(?:positive|a positive)(?: (?:serum|urine|blood|or|hcg|β-hcg))*(?: pregnancy "
        r"tests?| hcg)|(?:血清?|尿液?)?(?:妊娠|hcg|β-hcg|早孕)(?:试验|检查|检测|测试)?(?:结果)?(?:为|"
        r"呈)?阳性|pregnancy tests? positive",
    ),
    _Wording(
        "pregnancy",
        "absent",
        r"(?:无|没有)(?:近期|在试验期间|未来\S{1,6}内)?(?:的)?(?:生育|妊娠|怀孕|受孕)(?:的)?(?:计划|"
        r"意愿|打算|意向|需求|要求)|not planning (?:to become pregnant|a? ?pregnancy)|"
        r"no plans? (?:to become pregnant|for pregnancy)",
        ("planned",),
    ),
    _Wording(
        "pregnancy",
        "present",
        r"(?:(?:are |is )?(?:planning|intend(?:ing|s)?|wish(?:ing)?|want(?:ing)?|plan|"
        r"plans|trying|desire)(?: to)?(?: (?:become|be|get) pregnant| a?\s*pregnancy|"
        r" to conceive| conceive))|"
        r"(?:计划|准备|打算|备|有)(?:近期|在)?(?:试验期间|研究期间)?(?:内)?(?:怀孕|"
        r"妊娠|受孕|孕)(?:计划|意向|打算|意愿|需求)?|有(?:生育|妊娠|怀孕)(?:计划|意愿|"
        r"需求|要求)|拟妊娠|拟怀孕",
        ("planned",),
    ),
    _Wording(
        "childbearing potential",
        "present",
        rf"(?:{_THOSE})?child-?\s?bearing "
        rf"(?:potential|age|capacity|capability)|\bwocbp\b|具?有(?:潜在)?(?:生育|怀孕)(?:能力|"
        rf"可能性?|潜力)(?:的)?(?:女性|妇女)?(?:患者|受试者)?|(?:处于)?(?:育龄期?|生育期|"
        rf"生育年龄)(?:的)?(?:妇女|女性)?(?:患者|受试者)?",
    ),
    _Wording(
        "contraception",
        "absent",
        r"(?:not (?:using|practi[sc]ing|taking)|without|un(?:willing|able) to (?:use|"
        r"practi[sc]e)|refus(?:e|es|ing) to (?:use|practi[sc]e)|do(?:es)? not (?:use|"
        r"agree to use)|not willing to use)(?: (?:an?|any|highly|effective|adequate|"
        r"appropriate|reliable|acceptable|medically|form|of|methods?|means))* (?:contracepti\w+|"
        r"birth control)(?: (?:methods?|measures?))?|"
        r"(?:不愿意?|未|不能|没有|拒绝|不同意|无法|未能|不)(?:采取|使用|采用|应用|进行)?(?:有效|"
        r"可靠|适当|合适|任何)?(?:的)?(?:避孕|节育)(?:措施|方法|手段)?",
    ),
    _Wording(
        "contraception",
        "present",
        r"(?:(?:(?:must|should|will|are|is) )?(?:agree|agrees|agreeing|willing|consent|"
        r"use|using|practi[sc]e|practi[sc]ing|be|to|and) )*(?:(?:an?|highly|effective|"
        r"adequate|appropriate|reliable|acceptable|medically|two|forms?|of|methods?|"
        r"means) )*(?:contracepti(?:on|ves?)\b|birth control|contraceptive)(?: (?:methods?|"
        r"measures?))?|"
        r"(?:同意|愿意|自愿|能够|必须|应当?|需|须|承诺|且|并)*(?:在)?(?:试验期间|研究期间|"
        r"治疗期间)?(?:内)?(?:采取|使用|采用|应用|进行)?(?:高效|有效|可靠|适当|合适|"
        r"医学上认可|充分|足够)?(?:的)?(?:避孕|节育)(?:措施|方法|手段)?",
    ),
    _Wording("postmenopausal", "present", r"post-?menopausal|绝经后?"),
    _Wording(
        "breast-feeding",
        "present",
        rf"(?:breast-?\s?feeding|lactating|lactation|nursing(?! home| staff| care))\b{_WOMEN}|"
        rf"哺乳期?{_WOMEN}|授乳期?{_WOMEN}",
    ),
    _Wording(
        "pregnancy",
        "present",
        rf"(?:known |current )?(?:pregnant|pregnancy|pregnancies)\b{_WOMEN}|怀孕{_WOMEN}|"
        rf"妊娠(?!期?糖尿病|期?高血压|合并|试验|纹){_WOMEN}|孕妇|孕期{_WOMEN}|受孕|(?<![受怀妊备])孕(?=[、,/及或和哺]){_WOMEN}",
    ),
)
_PATTERN = re.compile("|".join(f"(?P<w{n}>{one.words})" for n, one in enumerate(_WORDINGS)))


def pregnancies(text: str, taken: Taken) -> Iterator[Claim]:
    """What is said of pregnancy and its like."""
    for match in _PATTERN.finditer(text):
        start, end = match.span()
        if start == end or not taken.free(start, end):
            continue
        wording = _WORDINGS[int(str(match.lastgroup)[1:])]
        one = Condition(
            kind="pregnancy",
            concept=wording.concept,
            op=wording.op,
            start=start,
            end=end,
            qualifiers=wording.qualifiers,
        )
        yield Claim(start, end, "pregnancy", ((one,),), wording.qualifiers)
