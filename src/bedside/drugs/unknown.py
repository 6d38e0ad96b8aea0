"""Medicines that a text orders and the vocabulary does not know, by the form of an order and of their names.

A word is taken for a medicine's name where a dose in mg, micrograms or units stands right behind it, or where it ends
(or begins) as the WHO names medicines of one kind: "Start zorbatinib", 予佐布替尼.
Stems: WHO, The use of stems in the selection of international nonproprietary names (INN), 2018, and their Chinese forms
of the Chinese Approved Drug Names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.drugs.names import Mention, find
from bedside.drugs.orders import Order, orders_of

UNKNOWN = ""
"""The id of a medicine that is not in the vocabulary."""
_GIVEN = ("start", "continue", "increase")
_STEM = re.compile(
    r"[a-z]{2,}(?:mab|tinib|[cdl]iclib|rafenib|prazole|conazole|vastatin|sartan|pril|olol|dipine|gliptin|gliflozin|"
    r"glutide|cillin|floxacin|cycline|thromycin|previr|buvir|tegravir|ciclovir|xaban|gatran|grel|parin|triptan|setron|"
    r"azepam|azolam|barbital|caine|curonium|terol|tropium|lukast|oxetine|tidine|semide|thiazide|glitazone|coxib|"
    r"fenac|profen|olone|onide|rubicin|platin|taxel|cept|orexant|gepant|stinel)|cef[a-z]{3,}",
)
_BEFORE_ZH = (
    r"给?予以?|口服|静滴|静注|静脉滴注|静脉注射|皮下注射|肌注|[加改换停启使应服联禁慎]用|换成|改为|改成|停止|开始用?|继续|避免|不要|"
    r"不宜|推荐|建议|考虑|选择|首选|加上|合并|联合|每[日周天]|和|与|或|及|的|是|用|服"
)
_STEM_ZH = re.compile(
    rf"(?:{_BEFORE_ZH})*(?P<name>[\u4e00-\u9fff]{{1,5}}?(?:单抗|替尼|西利|非尼|拉唑|康唑|他汀|沙坦|普利|洛尔|地平|列汀|列净|鲁肽|西林|沙星|环素|"
    r"红霉素|瑞韦|布韦|昔洛韦|沙班|加群|格雷|肝素|曲坦|司琼|西泮|唑仑|卡因|库铵|特罗|托溴铵|司特|西汀|替丁|塞米|"
    r"噻嗪|格列酮|昔布|芬酸|洛芬|比星|铂|紫杉醇|西普|瑞格)|头孢[\u4e00-\u9fff]{1,3})"
)
_DOSED = re.compile(
    r"(?<![A-Za-z-])(?P<name>[A-Za-z][a-z]{4,}(?:-[a-z]+)?)\s+(?:(?:oral|IV|PO|SC|IM|XR|ER|SR)\s+)?"
    r"\d[\d.,]*\s*(?:mg|mcg|µg|μg|micrograms?|units?|IU)(?:/kg)?(?![A-Za-z]|\s*/\s*(?:d?[lL]|m[lL]|mmol|100))"
)
_DOSED_ZH = re.compile(
    rf"(?:{_BEFORE_ZH})+(?P<name>[\u4e00-\u9fff]{{2,9}}?)"
    r"(?:片|胶囊|注射液|颗粒|缓释片)?\s*\d[\d.]*\s*(?:mg|毫克|mcg|[µμu]g|微克|单位|IU|U)(?![A-Za-z]|\s*/\s*d?[lL])"
)
_NO_NAME = re.compile(
    r"(?:about|above|after|again|agent|aliquots?|amounts?|another|approximately|around|below|between|bolus|capsules?|"
    r"current|daily|decrease|dose[ds]?|doses|dosage|dosing|double|drops?|dropped|equivalent|every|exactly|exceed|from|"
    r"further|increase|infusion|initial|initially|injections?|intake|intravenous|intravenously|lower|loading|"
    r"maintenance|maximum|minimum|nearly|nightly|original|orally|other|patches|pills?|prior|quantity|range|reaching|"
    r"roughly|single|standard|starting|strength|subcutaneous|subcutaneously|supplement|syrup|tablets?|their|total|"
    r"total(?:ing|ling)|twice|until|under|usual|values?|weekly|within|level|levels|medication|medicine|drug|"
    r"potency|elemental|contrast|dietary|sodium|caffeine|protein|cholesterol|glucose|carbohydrates?|"
    r"[a-z]+(?:ly|ing|ed))|[\u4e00-\u9fff]*(?:剂量|每次|每日|一次|最大|总量|原|减至|减为|加至|加量|增至|增加|约|至|到|量|次|日|药|服|注|滴|"
    r"液|水|食|餐|盐|蛋白|热量|造影剂|氧)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"(?:this|these|any|another|an?|the)\s+$", re.IGNORECASE)


def unknown(text: str) -> list[Order]:
    """What a text would give that looks like a medicine and is none that the vocabulary knows.

    >>> [text[one.start : one.end] for text in ["Start zorbatinib 40 mg daily."] for one in unknown(text)]
    ['zorbatinib']
    >>> unknown("Start imatinib 400 mg daily."), unknown("Avoid zorbatinib."), unknown("Give a total dose of 40 mg.")
    ([], [], [])
    """
    known = find(text)
    new = [one for one in _candidates(text) if not any(one.start < it.end and it.start < one.end for it in known)]
    if not new:
        return []
    mentions = sorted([*known, *new], key=lambda one: one.start)
    return [one for one in orders_of(text, mentions) if one.id == UNKNOWN and one.action in _GIVEN]


def _candidates(text: str) -> Iterator[Mention]:
    """Each name once, by the first form that finds it."""
    taken: set[int] = set()
    for start, end in _places(text):
        if taken.isdisjoint(range(start, end)) and not _NO_NAME.fullmatch(text, start, end):
            taken.update(range(start, end))
            yield Mention(UNKNOWN, start, end)


def _places(text: str) -> Iterator[tuple[int, int]]:
    for dosed in (_DOSED, _DOSED_ZH):
        yield from (match.span("name") for match in dosed.finditer(text))
    for word in re.finditer(r"(?<![A-Za-z-])[A-Za-z]{5,}(?![A-Za-z])", text):
        if _STEM.fullmatch(word[0].casefold()) and not _GROUP.search(text, 0, word.start()):
            yield word.span()
    yield from (match.span("name") for match in _STEM_ZH.finditer(text))
