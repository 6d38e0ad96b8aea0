"""Diagnoses, findings, medicines and procedures: of our tables, of HPO, or by how a disease's name ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bedside.trials._base import Condition
from bedside.trials._claims import Claim, Taken
from bedside.trials._fillers import QUALIFIER_EN, QUALIFIER_ZH, leading, trimmed
from bedside.trials._lexicon import GENERIC, Entry, Hit, Lexicon, entries

if TYPE_CHECKING:
    from bedside.phenotypes.names import Names
    from bedside.knowledge.hpo import Hpo

_ORGANS_ZH = re.compile(
    r"(?P<list>(?:[心肝肾肺脑胃脾]|造血|凝血|甲状腺|胰腺|血液系统|血液|呼吸|循环|消化|神经|内分泌|免疫|泌尿|心脑血管|心血管|脑血管)(?:脏|系统)?"
    r"(?:(?:[、,/和及与或]|以及)?(?:[心肝肾肺脑胃脾]|造血|凝血|甲状腺|胰腺|血液系统|血液|呼吸|循环|消化|神经|内分泌|免疫|泌尿|心脑血管|心血管|脑血管)(?:脏|系统)?)+)"
    r"(?:等)?(?:重要|主要)?(?:脏器|器官|系统)?(?:的)?(?:严重|原发性|重度|明显|慢性|急性|器质性)*(?:的)?"
    r"(?P<head>功能(?:不全|衰竭|异常|障碍|损害|损伤|受损|减退|低下)|疾病|疾患|病变|衰竭|病(?!史|人|情|程|毒|理|房|例|区|历))"
)
_ORGAN = re.compile(r"(?:酒精|药物|毒品|造血|凝血|甲状腺|胰腺|血液系统|血液|呼吸|循环|消化|神经|内分泌|免疫|泌尿|心脑血管|心血管|脑血管|[心肝肾肺脑胃脾])(?:脏|系统)?")
_SHORT = re.compile(r"脏|系统")
_ORGANS_EN = re.compile(
    r"\b(?P<list>(?:cardiac|heart|hepatic|liver|renal|kidney|pulmonary|lung|respiratory|haematological|hematological|hematologic|neurological|neurologic|cardiovascular|cerebrovascular|gastrointestinal|endocrine|psychiatric|immunological|immunologic|metabolic)"
    r"(?:\s*(?:,\s*(?:and/or|and|or)?|/|and/or|and|or)\s*(?:cardiac|heart|hepatic|liver|renal|kidney|pulmonary|lung|respiratory|haematological|hematological|hematologic|neurological|neurologic|cardiovascular|cerebrovascular|gastrointestinal|endocrine|psychiatric|immunological|immunologic|metabolic))+)"
    r"\s+(?P<head>(?:impairment|dysfunction|insufficiency|failure|diseases?|disorders?|illness(?:es)?)\b)"
)
_ABUSE_EN = re.compile(
    r"\b(?P<list>(?:alcohol|drugs?|substances?)(?:\s*(?:,\s*(?:or|and)?|/|and/or|and|or)\s*(?:alcohol|drugs?|substances?|other drugs?))+)\s+(?:use\s+)?(?P<head>abuse|dependence|addiction|misuse|dependency)\b"
)
_ABUSE_ZH = re.compile(r"(?P<list>(?:酒精|药物|毒品)(?:(?:[、,/或和及与]|和/或)(?:酒精|药物|毒品))+)(?P<head>滥用|依赖|成瘾)")
_JOINTS = re.compile(r"\s*(?:,\s*(?:and/or|and|or)?|/|and/or|\band\b|\bor\b)\s*")
_AGAINST_ZH = re.compile(r"抗[\u4e00-\u9fff]{2,6}?药物?")
_GUARDS = {"激素": re.compile(r"(?:[性腺促长雌孕育乳]|甲状腺)\Z"), "转移": re.compile(r"[可能]\Z"), "血栓": re.compile(r"抗\Z")}
_LISTS = (_ORGANS_ZH, _ORGANS_EN, _ABUSE_EN, _ABUSE_ZH)
_ABUSED = re.compile(r"\A(?:other )?(alcohol|drug|substance)s? (?:dependence|dependency|addiction|misuse|abuse)\Z")
_ENDS_ZH = (
    r"综合征|综合症|衰竭|梗死|梗塞|出血|感染|结核|损伤|障碍|不全|硬化|狭窄|溃疡|畸形|亢进|减退|缺陷|缺乏|缺乏症|中毒|骨折|脱位|积液|积水|水肿|"
    r"坏死|栓塞|血栓|增生|息肉|囊肿|结石|肥大|肥厚|扩张|破裂|穿孔|梗阻|脱垂|萎缩|变性|贫血|休克|昏迷|瘫痪|疱疹|皮疹|病变|疾病|疾患|病|症|炎|癌|瘤|疝|证|痛"
)
_CHUNK_ZH = re.compile(
    rf"(?P<name>[\u4e00-\u9fffa-z0-9ⅰⅱⅲⅳαβ\-]{{1,16}}?(?:{_ENDS_ZH})(?:病(?!史|人|情)|症|瘤|炎)*)(?=[\s,;、/()等史者或和及与的且并伴除病患:]|以及|患者|期|$)"
)
_SKIP_ZH = re.compile(r"\A(?:性(?!病|传播)|期|级|型|后|前)|无|未|不(?!全|孕|育|良|稳|足)|没有|时|再次|进行|影响|导致|引起|可能|不适|妨碍|干扰|需要|参加|研究|试验|治疗|以上|以下|不能|不宜|无法|危及|其他|任何|诊断|标准|原因|由于|所致|既往|病史|患者|适应|禁忌|情况|病例|的")
_CUT_ZH = re.compile(r".*(?:患有|伴有|合并|存在|诊断为|确诊为|诊断|发生|出现|符合|继发于|表现为)")
_BARE_ZH = frozenset("疾病 疾患 病变 病 症 炎 癌 瘤 证 痛 感染 出血 损伤 障碍 症状 合并症 并发症 适应症 禁忌症 适应证 禁忌证 后遗症 本病 该病 此病 原发病 基础疾病 基础病 系统疾病 慢性病 重病 大病 急症".split())
_HEADS_EN = (
    r"diseases?|disorders?|syndromes?|failure|infarctions?|cancers?|carcinomas?|tumou?rs?|neoplasms?|sarcomas?|infections?|deficienc(?:y|ies)|injur(?:y|ies)|"
    r"stenosis|fibrosis|dysfunction|impairment|insufficiency|ulcers?|fractures?|lesions?|dystrophy|palsy|abscess(?:es)?|aneurysms?|"
    r"[a-z]{3,}(?:itis|[^n]osis|oses|emia|aemia|pathy|pathies|oma|omas|plasia|trophy|algia|uria|penia|plegia|rrhage|ectasis|iasis|rrhoea|rrhea|dynia|edema|oedema)"
)
_CHUNK_EN = re.compile(rf"(?<![a-z])(?P<name>(?:[a-z][a-z'\-]+\s+){{0,4}}(?:{_HEADS_EN}))(?![a-z])")
_BARE_EN = frozenset(
    "disease diseases disorder disorders syndrome infection infections lesion lesions injury diagnosis prognosis "
    "hypothesis randomised conditions failure deficiency insufficiency dysfunction impairment tumor tumour osis".split()
)
_DRUG_EN = re.compile(r"(?<![a-z])[a-z]{3,}(?:mab|tinib|statin|sartan|dipine|azole|mycin|cillin|floxacin|gliptin|gliflozin|glutide|xaban|parib|ciclib|prazole|triptan|setron|lukast|vudine|ciclovir|navir|buvir|asvir|platin|rubicin|taxel|zumab|ximab|cept|olol|pril)s?(?![a-z])")
_DRUG_ZH = re.compile(r"[\u4e00-\u9fff]{1,5}(?:单抗|替尼|他汀|沙坦|普利|洛尔|地平|沙星|霉素|西林|拉唑|列汀|列净|鲁肽|沙班|帕利|曲坦|韦定|夫定|洛韦|比星|他赛|西普)|[\u4e00-\u9fffa-z0-9α-ω\-]{2,8}(?:抑制剂|拮抗剂|激动剂|阻滞剂|类药物|类药)|抗[\u4e00-\u9fff]{2,6}药物?")
_SURGERY_ZH = re.compile(r"[\u4e00-\u9fff]{1,10}?(?:切除术|成形术|置换术|移植术|造瘘术|吻合术|植入术|修补术|内固定术|搭桥术|造影术|栓塞术|引流术|穿刺术|手术)")
_SURGERY_EN = re.compile(r"(?<![a-z])(?:(?:[a-z]+\s){0,2}(?:surgery|transplantation|transplant)|[a-z]{3,}(?:ectomy|ectomies|plasty|otomy|ostomy|scopy))(?![a-z])")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """All our tables but for what says nothing alone."""
    return Lexicon(entry for entry in entries() if entry.concept not in GENERIC or entry.concept == "metal implant")


class Findings:
    """Names of HPO: what a phrase is called there, and its number."""

    def __init__(self, hpo: Hpo, names: Names) -> None:
        self._hpo, self._names = hpo, names
        self._codes: dict[str, tuple[str, ...]] = {}

    def find(self, text: str) -> list[Hit]:
        """The findings named in a text, in both languages."""
        hits = [*self._names.chinese.find(text), *self._names.english.find(text)]
        return [
            Hit(one.start, one.end, Entry(self._hpo.names[one.term].lower(), "finding", (self._hpo.ids[one.term],)))
            for one in hits
        ]

    def codes(self, entry: Entry) -> tuple[str, ...]:
        """The numbers of those whose name is one of the entry's, or the entry's as a whole."""
        if entry.concept not in self._codes:
            found = [
                hit.entry.codes[0]
                for name in entry.names[:3]
                for hit in self.find(name)
                if hit.end - hit.start == len(name)
            ]
            self._codes[entry.concept] = tuple(dict.fromkeys(found))[:1]
        return self._codes[entry.concept]


def named(text: str, exact: str, findings: Findings | None, taken: Taken) -> Iterator[Claim]:
    """What is named, each place once: lists of organs, our tables, HPO, then by the end of the name."""
    for claim in _candidates(text, exact, findings):
        guard = _GUARDS.get(text[claim.start : claim.end])
        if guard and guard.search(text, 0, claim.start):
            continue
        if taken.free(claim.start, claim.end):
            taken.take(claim.start, claim.end)
            yield claim
    for pattern, kind in ((_DRUG_ZH, "medicine"), (_DRUG_EN, "medicine"), (_SURGERY_ZH, "procedure"), (_SURGERY_EN, "procedure")):
        for match in pattern.finditer(text):
            start = trimmed(text, match.start(), match.end())
            if match.end() - start >= 3 and taken.free(start, match.end()):
                taken.take(start, match.end())
                yield _claim(start, match.end(), kind, text[start : match.end()])
    yield from _ended(text, taken)


def _candidates(text: str, exact: str, findings: Findings | None) -> list[Claim]:
    """Claims of lists and tables, the longest before others at a place."""
    found = [claim for pattern in _LISTS for claim in _organs(text, pattern, findings)]
    hits = lexicon().find(exact)
    more = findings.find(exact) if findings else []
    for hit in [*hits, *more]:
        entry = hit.entry
        codes = entry.codes + (findings.codes(entry) if findings and entry.kind == "diagnosis" else ())
        found.append(_claim(hit.start, hit.end, entry.kind, entry.concept, codes))
    for match in _AGAINST_ZH.finditer(text):
        found.append(_claim(match.start(), match.end(), "medicine", match[0]))
    table = {(one.start, one.end) for one in hits}
    return sorted(found, key=lambda one: (-len(one.groups), one.start - one.end, (one.start, one.end) not in table))


def _organs(text: str, pattern: re.Pattern[str], findings: Findings | None) -> Iterator[Claim]:
    """`心、肝、肾功能不全`: one condition an organ, any of them."""
    for match in pattern.finditer(text):
        zh = pattern in (_ORGANS_ZH, _ABUSE_ZH)
        parts = _ORGAN.findall(match["list"]) if zh else [one for one in _JOINTS.split(match["list"]) if one]
        if len(parts) < 2:
            continue
        conditions = []
        for part in dict.fromkeys(parts):
            name = (_SHORT.sub("", part) + match["head"]) if zh else f"{part} {match['head']}"
            name = name if zh else _ABUSED.sub(r"\1 abuse", name)
            entry = lexicon().get(name) or (lexicon().get(part + match["head"]) if zh else None)
            codes = entry.codes + (findings.codes(entry) if findings else ()) if entry else ()
            conditions.append(
                Condition(
                    kind="diagnosis",
                    concept=entry.concept if entry else name,
                    op="present",
                    start=match.start(),
                    end=match.end(),
                    codes=codes,
                    qualifiers=tuple(q for w, q in QUALIFIER_ZH if w in match[0]),
                )
            )
        yield Claim(match.start(), match.end(), "diagnosis", (tuple(conditions),))


def _ended(text: str, taken: Taken) -> Iterator[Claim]:
    """What ends as names of diseases do."""
    for match in _CHUNK_ZH.finditer(text):
        end = match.end("name")
        start = _after_taken(taken, match.start("name"), end)
        cut = _CUT_ZH.match(text, start, end)
        start = trimmed(text, cut.end() if cut and cut.end() < end else start, end)
        name = text[start:end]
        if len(name) < 2 or name in _BARE_ZH or _SKIP_ZH.search(name) or not taken.free(start, end):
            continue
        taken.take(start, end)
        yield _claim(start, end, "diagnosis", name)
    for match in _CHUNK_EN.finditer(text):
        end = match.end("name")
        start = trimmed(text, _after_taken(taken, match.start("name"), end), end)
        name = text[start:end].strip()
        start = end - len(name)
        if len(name) < 4 or name in _BARE_EN or not taken.free(start, end):
            continue
        taken.take(start, end)
        yield _claim(start, end, "diagnosis", name)


def _after_taken(taken: Taken, start: int, end: int) -> int:
    last = taken.mask.rfind(1, start, end)
    return last + 1 if last >= 0 else start


def _claim(start: int, end: int, kind: str, concept: str, codes: tuple[str, ...] = ()) -> Claim:
    one = Condition(kind=kind, concept=concept, op="present", start=start, end=end, codes=codes)  # type: ignore[arg-type]
    return Claim(start, end, kind, ((one,),))


__all__ = ["Findings", "leading", "lexicon", "named", "QUALIFIER_EN"]
