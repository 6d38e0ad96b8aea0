"""Words that join or introduce conditions and ask for nothing themselves, and words that narrow the next one."""

from __future__ import annotations

import re
from functools import lru_cache

_ZH = (
    "的 有 具有 具备 患有 患 患者 患儿 病人 受试者 受试对象 参与者 志愿者 对象 人群 人员 者 存在 伴有 伴 伴随 并有 合并 合并有 合并症 并发 并存 既往 既往有 既往史 曾 曾经 曾有 有过 过 "
    "发生 发生过 出现 出现过 罹患 接受 接受过 使用 使用过 服用 服用过 应用 应用过 采用 采用过 进行 进行过 行 做过 用过 史 病史 疾病史 史者 病史者 是 为 或 或者 和 及 与 以及 和/或 及/或 且 并 并且 同时 "
    "等 如 例如 比如 包括 包含 任何 其他 其它 各种 各类 以下 下列 如下 之一 任一 任意 符合 满足 诊断 诊断为 确诊 确诊为 明确诊断 明确诊断为 已知 已知的 已经 已 经 被 均 需 应 必须 须 可 疾病 "
    "阳性 检测 检测阳性 检查 检查结果 结果 药物 类 类药物 类药 药 治疗 时 期间 内 中 在 于 对 由 上述 该 此 本 一种 一项 伴或不伴 等疾病 性疾病 等药物 等病史 等疾病史 情况 情况者 水平 指标 "
    "合并以下疾病 标准 临床 临床诊断 实验室检查 目前 现 当前 现有 或有 者或 一次 明确 明确的 之 其 所 上 则 若 但 而 均为 以 用 因 后 前 "
    "入选标准 排除标准 纳入标准 属 属于 正在 呈 的患者 症状 体征 类型 种 血清 血清学 抗体 抗体阳性 抗原 携带者"
).split()
_EN = (
    "a an the of or and and/or to for in on at by as is are was were be been being has have had having with who whom that which this these those their his her its it "
    "patient patients subject subjects participant participants individual individuals people person persons case cases volunteers volunteer candidates "
    "any known history histories medical past prior previous previously  evidence diagnosis diagnoses diagnosed documented presence present existing pre-existing preexisting "
    "must should shall also either both following below such including include includes included e.g i.e eg ie other another use used using usage taking takes taken take receive receives received receiving "
    "treated treatment treatments therapy therapies therapeutic administration administered agents agent drugs drug medications medication medicine medicines "
    "positive test tests testing tested result results serum plasma blood level levels count value values from during within time least one more "
    "disease diseases disorder disorders condition conditions criteria criterion define defined meeting meet meets fulfil fulfill based according "
    "but if than then there will can may only own years year old age aged men women male female males females same some "
    "undergo undergone undergoing underwent undergoes  experienced experience experiencing suffering suffer suffers suffered developed develop occurrence occurring occurred event events episode episodes "
    "inclusion exclusion inclusive  symptoms signs antibody antibodies antigen carrier carriers per established s"
).split()
_JOINED = sorted({*_ZH}, key=len, reverse=True)
_WORD_EN = frozenset(_EN)
_TOKEN = re.compile(r"[a-z]+(?:[./'-][a-z]+)*|[\u4e00-\u9fff]+(?:/[\u4e00-\u9fff]+)*|\d+(?:\.\d+)?|[^\W_]")
_HEAD = re.compile("|".join(map(re.escape, _JOINED)))

QUALIFIER_ZH = (
    ("未得到控制", "uncontrolled"),
    ("未能控制", "uncontrolled"),
    ("未经控制", "uncontrolled"),
    ("未控制", "uncontrolled"),
    ("控制不佳", "uncontrolled"),
    ("控制不良", "uncontrolled"),
    ("控制不理想", "uncontrolled"),
    ("控制差", "uncontrolled"),
    ("不可控制", "uncontrolled"),
    ("不能控制", "uncontrolled"),
    ("无法控制", "uncontrolled"),
    ("难以控制", "uncontrolled"),
    ("不受控制", "uncontrolled"),
    ("失控", "uncontrolled"),
    ("失代偿性", "decompensated"),
    ("失代偿期", "decompensated"),
    ("失代偿", "decompensated"),
    ("中重度", "moderate to severe"),
    ("中-重度", "moderate to severe"),
    ("中、重度", "moderate to severe"),
    ("轻中度", "mild to moderate"),
    ("严重", "severe"),
    ("重症", "severe"),
    ("重度", "severe"),
    ("中度", "moderate"),
    ("轻度", "mild"),
    ("不稳定性", "unstable"),
    ("不稳定", "unstable"),
    ("活动性", "active"),
    ("活动期", "active"),
    ("进展性", "progressive"),
    ("急性期", "acute"),
    ("急性", "acute"),
    ("慢性", "chronic"),
    ("复发性", "recurrent"),
    ("复发", "recurrent"),
    ("难治性", "refractory"),
    ("转移性", "metastatic"),
    ("局部晚期", "locally advanced"),
    ("晚期", "advanced"),
    ("早期", "early"),
    ("初诊", "newly diagnosed"),
    ("新诊断", "newly diagnosed"),
    ("初治", "untreated"),
    ("未经治疗", "untreated"),
    ("未治疗", "untreated"),
    ("未治愈", "not cured"),
    ("不可切除", "unresectable"),
    ("有症状", "symptomatic"),
    ("症状性", "symptomatic"),
    ("有临床意义", "clinically significant"),
    ("具有临床意义", "clinically significant"),
    ("临床显著", "clinically significant"),
    ("明显", "significant"),
    ("显著", "significant"),
    ("较严重", "severe"),
    ("原发性", "primary"),
    ("继发性", "secondary"),
    ("先天性", "congenital"),
    ("遗传性", "hereditary"),
    ("系统性", "systemic"),
    ("全身性", "systemic"),
    ("全身", "systemic"),
    ("局部", "local"),
    ("口服", "oral"),
    ("静脉", "intravenous"),
    ("静脉注射", "intravenous"),
    ("吸入", "inhaled"),
    ("外用", "topical"),
    ("长期服用", "long-term"),
    ("长期使用", "long-term"),
    ("长期应用", "long-term"),
    ("长期口服", "long-term"),
    ("长期", "long-term"),
    ("正在服用", "current"),
    ("正在使用", "current"),
    ("正在接受", "current"),
    ("正在应用", "current"),
    ("正在进行", "current"),
    ("目前正在", "current"),
    ("正在", "current"),
    ("目前服用", "current"),
    ("目前使用", "current"),
    ("疑似", "suspected"),
    ("怀疑", "suspected"),
    ("可疑", "suspected"),
    ("拟行", "planned"),
    ("拟接受", "planned"),
    ("计划进行", "planned"),
    ("计划接受", "planned"),
    ("需要接受", "required"),
    ("需要", "required"),
    ("大型", "major"),
    ("重大", "major"),
    ("大", "major"),
    ("择期", "elective"),
    ("经病理确诊", "confirmed"),
    ("经病理学确诊", "confirmed"),
    ("病理确诊", "confirmed"),
    ("经病理证实", "confirmed"),
    ("病理证实", "confirmed"),
    ("病理学证实", "confirmed"),
    ("病理诊断", "confirmed"),
    ("经组织学或细胞学确诊", "confirmed"),
    ("经组织学或细胞学证实", "confirmed"),
    ("经组织学证实", "confirmed"),
    ("组织学证实", "confirmed"),
    ("组织学或细胞学证实", "confirmed"),
    ("组织学或细胞学确诊", "confirmed"),
    ("经病理学证实", "confirmed"),
    ("经病理组织学确诊", "confirmed"),
    ("经病理组织学证实", "confirmed"),
    ("顽固性", "refractory"),
    ("频发", "frequent"),
    ("反复发作", "recurrent"),
    ("反复", "recurrent"),
)
_CHECKED = r"(?:histo(?:logical|patho)?(?:ly|logically|logical)?|histologic(?:ally)?|cytologic(?:al|ally)?|cytologically|patholog(?:ical|ically|ic)|biopsy|radiologically|microbiologically|laboratory)"
QUALIFIER_EN = (
    (rf"{_CHECKED}(?:\s*(?:or|and|and/or|/|-)\s*{_CHECKED})?[ -](?:confirmed|proven|documented|verified)(?: diagnosis of)?", "confirmed"),
    (r"confirmed(?: diagnosis of)?|proven", "confirmed"),
    (r"un-?controlled|poorly[- ]controlled|inadequately controlled|not (?:adequately |well |properly )?controlled|uncontrollable|poor(?:ly)? control", "uncontrolled"),
    (r"clinically (?:significant|relevant|important)|clinically-significant", "clinically significant"),
    (r"moderate[- ](?:to|or)[- ]severe", "moderate to severe"),
    (r"severe(?:ly)?|serious|life-threatening", "severe"),
    (r"moderate", "moderate"),
    (r"mild", "mild"),
    (r"unstable", "unstable"),
    (r"active(?:ly)?", "active"),
    (r"acute", "acute"),
    (r"chronic", "chronic"),
    (r"long[- ]term|prolonged|regular", "long-term"),
    (r"symptomatic", "symptomatic"),
    (r"asymptomatic", "asymptomatic"),
    (r"untreated|treatment-?\s?na(?:i|ï)ve|previously untreated", "untreated"),
    (r"unresectable|inoperable", "unresectable"),
    (r"locally advanced", "locally advanced"),
    (r"advanced", "advanced"),
    (r"metastatic", "metastatic"),
    (r"recurrent|relapsed|relapsing", "recurrent"),
    (r"refractory", "refractory"),
    (r"progressive", "progressive"),
    (r"newly diagnosed|new-onset|new onset", "newly diagnosed"),
    (r"early(?:-stage)?", "early"),
    (r"decompensated", "decompensated"),
    (r"significant", "significant"),
    (r"major", "major"),
    (r"minor", "minor"),
    (r"elective", "elective"),
    (r"systemic", "systemic"),
    (r"oral", "oral"),
    (r"intravenous|iv(?= (?:antibiotic|infusion|drug|therap|steroid))", "intravenous"),
    (r"inhaled", "inhaled"),
    (r"topical", "topical"),
    (r"current(?:ly)?(?: (?:use of|using|taking|treated with|receiving|on))?|ongoing|concurrent(?: use of)?|concomitant(?: use of)?", "current"),
    (r"planned|scheduled(?: for)?|planning(?: to undergo)?|anticipated", "planned"),
    (r"suspected|possible|probable", "suspected"),
    (r"congenital", "congenital"),
    (r"hereditary|familial", "hereditary"),
    (r"primary", "primary"),
    (r"secondary", "secondary"),
    (r"requiring|required|requires|need for|needing", "required"),
    (r"high-dose|high dose", "high-dose"),
)
_QUALIFIER_ZH = re.compile("|".join(re.escape(word) for word, _ in sorted(QUALIFIER_ZH, key=lambda one: -len(one[0]))))
_SAYS_ZH = dict(QUALIFIER_ZH)
_QUALIFIER_EN = re.compile("|".join(rf"(?P<q{n}>\b(?:{words})(?![a-z]))" for n, (words, _) in enumerate(QUALIFIER_EN)))


@lru_cache(maxsize=4096)
def qualifiers(text: str) -> list[tuple[int, int, str]]:
    """The words of a text that narrow what stands beside them.

    >>> qualifiers("severe asthma")
    [(0, 6, 'severe')]
    """
    found = [(one.start(), one.end(), _SAYS_ZH[one[0]]) for one in _QUALIFIER_ZH.finditer(text)]
    for one in _QUALIFIER_EN.finditer(text) if _LATIN.search(text) else ():
        found.append((one.start(), one.end(), QUALIFIER_EN[int(str(one.lastgroup)[1:])][1]))
    return sorted(found)


def leading(text: str, start: int, end: int) -> int:
    """Past words at the beginning of a Chinese stretch that ask for nothing."""
    while start < end:
        match = _HEAD.match(text, start, end) or _QUALIFIER_ZH.match(text, start, end)
        if match is None or match.end() >= end:
            return start
        start = match.end()
    return start


def trimmed(text: str, start: int, end: int) -> int:
    """Past the words that stand before a name and are no part of it."""
    while True:
        before = start
        while start < end and not (text[start].isalnum()):
            start += 1
        start = leading(text, start, end)
        word = re.compile(r"[a-z][a-z'-]*").match(text, start, end)
        if word and word.end() < end and (word[0] in _WORD_EN or word[0] in _NOT or _QUALIFIER_EN.fullmatch(word[0])):
            start = word.end()
        cut = re.search(r".*\b(?:of|or|and|with|by|to|for|due|from|in|without|no)\s", text[start:end])
        if cut and cut.end() < end - start:
            start += cut.end()
        if start == before:
            return start


_LATIN = re.compile(r"[a-z]{4}")
_NOT = frozenset("no not without never non neither nor absence free".split())


def contents(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of words that are not in the lists of this file, which join and introduce.

    >>> contents("patients with a diploma", 0, 23)
    [(16, 23)]
    """
    found: list[tuple[int, int]] = []
    for token in _TOKEN.finditer(text, start, end):
        if token[0][0].isascii():
            if token[0] not in _WORD_EN:
                found.append(token.span())
        elif "\u4e00" <= token[0][0] <= "\u9fff":
            found += _han(text, *token.span())
        else:
            found.append(token.span())
    return found


def _han(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = start
    while at < end:
        match = _HEAD.match(text, at, end)
        if match:
            at = match.end()
            continue
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
        at += 1
    return found
