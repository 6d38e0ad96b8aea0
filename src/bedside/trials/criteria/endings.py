"""Names that no table has, known by how they end: diseases, medicines (INN stems of the WHO) and operations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.trials.criteria.claims import Claim, Taken, claim_of
from bedside.trials.criteria.fillers import qualifiers, trimmed
from bedside.trials.criteria.plain import HAN, LATIN

_ENDS_ZH = (
    r"综合征|综合症|衰竭|梗死|梗塞|出血|感染|结核|损伤|障碍|不全|硬化|狭窄|溃疡|"
    r"畸形|亢进|减退|缺陷|缺乏|缺乏症|中毒|骨折|脱位|积液|积水|水肿|"
    r"坏死|栓塞|血栓|增生|息肉|囊肿|结石|肥大|肥厚|扩张|破裂|穿孔|梗阻|脱垂|萎缩|"
    r"变性|贫血|休克|昏迷|瘫痪|疱疹|皮疹|病变|疾病|疾患|病|症|炎|癌|瘤|疝|证|痛"
)
_END_ZH = re.compile(
    rf"(?:{_ENDS_ZH})(?:病(?!史|人|情)|症|瘤|炎)*(?=[\s,;、/()等史者或和及与的且并伴除病患:]|以及|期|$)"
)
_HAN_RUN = re.compile(r"[\u4e00-\u9fffa-z0-9ⅰⅱⅲⅳαβω\-]{1,24}\Z")
_SKIP_ZH = re.compile(
    r"\A(?:性(?!病|传播)|期|级|型|后|前)|无|未|不(?!全|孕|育|良|稳|足)|没有|时|"
    r"等|询问|評|评估|家族|共病|发病|再次|进行|影响|导致|引起|可能|不适|妨碍|干扰|需要|参加|研究|试验|治疗|以上|"
    r"以下|不能|不宜|无法|危及|其他|任何|诊断|标准|原因|由于|所致|既往|病史|患者|"
    r"适应|禁忌|情况|病例|的"
)
_CUT_ZH = re.compile(r".*(?:患有|伴有|合并|存在|诊断为|确诊为|诊断|发生|出现|符合|继发于|表现为)")
_BARE_ZH = frozenset(
    [
        "疾病",
        "指证",
        "主症",
        "兼症",
        "次症",
        "根据病",
        "遗症",
        "疾患",
        "病变",
        "病",
        "症",
        "炎",
        "癌",
        "瘤",
        "证",
        "痛",
        "感染",
        "出血",
        "损伤",
        "障碍",
        "症状",
        "合并症",
        "并发症",
        "适应症",
        "禁忌症",
        "适应证",
        "禁忌证",
        "后遗症",
        "本病",
        "该病",
        "此病",
        "原发病",
        "基础疾病",
        "基础病",
        "系统疾病",
        "慢性病",
        "重病",
        "大病",
        "急症",
    ]
)
_HEADS_EN = (
    r"diseases?|disorders?|syndromes?|failure|infarctions?|cancers?|carcinomas?|"
    r"tumou?rs?|neoplasms?|sarcomas?|infections?|deficienc(?:y|ies)|injur(?:y|ies)|"
    r"stenosis|fibrosis|dysfunction|impairment|insufficiency|ulcers?|fractures?|"
    r"lesions?|dystrophy|palsy|abscess(?:es)?|aneurysms?|"
    r"[a-z]{3,}(?:itis|[^n]osis|oses|emia|aemia|pathy|pathies|oma|omas|plasia|trophy|"
    r"algia|uria|penia|plegia|rrhage|ectasis|iasis|rrhoea|rrhea|dynia|edema|oedema)"
)
_CHUNK_EN = re.compile(rf"(?<![a-z])(?P<name>(?:[a-z][a-z'\-]+\s+){{0,4}}(?:{_HEADS_EN}))(?![a-z])")
_SKIP_EN = re.compile(r"\b(?:measurable|target|index|affect\w*|interfer\w*|such|caus\w+|due|other|any)\b")
_BARE_EN = frozenset(
    [
        "disease",
        "diseases",
        "disorder",
        "disorders",
        "syndrome",
        "infection",
        "infections",
        "lesion",
        "lesions",
        "injury",
        "diagnosis",
        "prognosis",
        "diploma",
        "aroma",
        "empathy",
        "sympathy",
        "hypothesis",
        "randomised",
        "conditions",
        "failure",
        "deficiency",
        "insufficiency",
        "dysfunction",
        "impairment",
        "tumor",
        "tumour",
        "osis",
    ]
)
_DRUG_EN = re.compile(
    r"(?<![a-z])[a-z]{3,}(?:mab|tinib|statin|sartan|dipine|azole|mycin|cillin|floxacin|"
    r"gliptin|gliflozin|glutide|xaban|parib|ciclib|prazole|triptan|setron|lukast|"
    r"vudine|ciclovir|navir|buvir|asvir|platin|rubicin|taxel|zumab|ximab|cept|olol|"
    r"pril)s?(?![a-z])"
)
_DRUG_ZH = re.compile(
    r"(?:单抗|替尼|他汀|沙坦|普利|洛尔|地平|沙星|霉素|西林|拉唑|列汀|列净|鲁肽|"
    r"沙班|帕利|曲坦|韦定|夫定|洛韦|比星|他赛|西普|抑制剂|拮抗剂|激动剂|阻滞剂|"
    r"类药物|类药)"
)
_SURGERY_ZH = re.compile(
    r"(?:切除术|成形术|置换术|移植术|造瘘术|吻合术|植入术|修补术|内固定术|搭桥术|造影术|栓塞术|引流术|穿刺术|手术)"
)
_SURGERY_EN = re.compile(
    r"(?<![a-z])(?:(?:[a-z]+\s){0,2}(?:surgery|transplantation|transplant)|[a-z]{3,}(?:ectomy|"
    r"ectomies|plasty|otomy|ostomy|scopy))(?![a-z])"
)


_ENDED = (
    (_DRUG_ZH, "medicine", "zh"),
    (_DRUG_EN, "medicine", "en"),
    (_SURGERY_ZH, "procedure", "zh"),
    (_SURGERY_EN, "procedure", "en"),
)


def by_ending(text: str, taken: Taken) -> Iterator[Claim]:
    """What ends as names of medicines, operations and diseases do, in this order."""
    chinese, latin = HAN.search(text), LATIN.search(text)
    for pattern, kind, there in _ENDED:
        for match in pattern.finditer(text) if (chinese if there == "zh" else latin) else ():
            end = match.end()
            begin = _after_taken(taken, _run_start(text, match.start()), end) if there == "zh" else match.start()
            start = trimmed(text, begin, end)
            if (
                start <= match.start()
                and end - start >= 3
                and taken.free(start, end)
                and not _SKIP_ZH.search(text[start:end])
            ):
                taken.take(start, end)
                yield claim_of(start, end, kind, text[start:end])
    yield from _ended(text, taken)


def _ended(text: str, taken: Taken) -> Iterator[Claim]:
    """What ends as names of diseases do."""
    for match in _END_ZH.finditer(text) if HAN.search(text) else ():
        end = match.end()
        start = _after_taken(taken, _run_start(text, match.start()), end)
        cut = _CUT_ZH.match(text, start, end)
        start = trimmed(text, cut.end() if cut and cut.end() < end else start, end)
        name = text[start:end]
        if len(name) < 2 or name in _BARE_ZH or _SKIP_ZH.search(name) or not taken.free(start, end):
            continue
        taken.take(start, end)
        yield claim_of(start, end, "diagnosis", name)
    for match in _CHUNK_EN.finditer(text) if LATIN.search(text) else ():
        end = match.end("name")
        start = trimmed(text, _after_taken(taken, match.start("name"), end), end)
        name = text[start:end].strip()
        start = end - len(name)
        if len(name) < 4 or _plain(name) in _BARE_EN or _SKIP_EN.search(name) or not taken.free(start, end):
            continue
        taken.take(start, end)
        yield claim_of(start, end, "diagnosis", name)


def _run_start(text: str, end: int) -> int:
    """Where the run of characters before an ending begins, none of one that is a clause."""
    match = _HAN_RUN.search(text, max(0, end - 24), end)
    return match.start() if match and len(match[0]) < 24 else end


def _after_taken(taken: Taken, start: int, end: int) -> int:
    last = taken.mask.rfind(1, start, end)
    return last + 1 if last >= 0 else start


def _plain(name: str) -> str:
    """A name without the words that narrow it: `clinically significant disease` is but a disease."""
    for start, end, _ in reversed(qualifiers(name)):
        name = name[:start] + name[end:]
    return name.strip()
