"""The shape of a Chinese personal name: where a name that begins at a place may end, and how sure that reading is."""

from __future__ import annotations

import re
from functools import cache

from bedside.deid.lexicon.chinese import HAN, any_of, is_listed_word, is_word, read_lines, read_table, words

DOTS = "·•・．‧∙●"
_STOP = frozenset(
    "的了在是有无不未已因为于由及与或诉述称说被把将对从到至向给让叫见查服用术后前男女性患者病人属医护院科室床号痛热症炎"
    "其此该岁住很都也就还又再只吗呢啊吧你我他她它们这那个些么什怎请您当等但可能会要想做吃喝拒签报陪送"
)
TRANSLITERATED = (
    "阿艾埃爱安奥巴拜班邦贝本比彼毕别宾波伯勃博布达戴丹道得德登迪蒂丁东杜多尔恩法凡菲费芬佛弗福夫盖甘高戈格根贡古果哈海汉汗罕荷赫黑亨洪胡华霍基吉加佳嘉贾简杰金卡凯坎康考科克肯孔库"
    "夸奎拉莱赖兰朗劳勒雷蕾里理丽利莉力连林琳灵龙隆卢鲁伦罗洛马玛迈麦曼梅美门蒙孟米密明摩莫姆穆木娜纳乃南内尼妮涅宁牛纽努诺欧帕潘佩彭皮平坡珀普奇齐恰乔切琴琼热日茹瑞若萨塞赛桑瑟森莎山尚舍申"
    "什圣施史士舒斯丝苏索塔泰坦汤唐特腾提田廷图土托瓦万旺威韦维温文翁沃乌吾武西希锡夏香肖谢辛欣休许旭雪逊雅亚延扬耶叶伊依因英尤于约泽曾扎詹张者珍芝治朱卓孜兹子兆衮买江仁旺翰逊妮蕾琪菲瑟娅雯茜布鲁帝范弥迦谷郎顿珠次央吉卓措姆赤列吐卜夏合曼孜古丽且罕日呷嘎格琪其娃音仓白旦增贡多杰央宗珍顿邦拜肯别扎提帕迪菲娅莱沙吾司义居玉甫普哈苏图雅娅萨茹敖朝孟勒巴敏明宛麦莫嘎阿力"
)
_MINORITY = re.compile(
    rf"[{HAN}]{{1,8}}(?:[{DOTS}][{TRANSLITERATED}古丽]{{1,9}}){{1,3}}|[A-Z][{DOTS}.][{TRANSLITERATED}]{{2,6}}"
)
_TIBETAN = any_of(words("shapes tibetan"))
_TIBETAN_NAME = re.compile(rf"(?:{_TIBETAN}){{1,2}}")
_UYGHUR = re.compile(
    rf"[{TRANSLITERATED}]{{1,4}}(?:古丽|古力|买买提|买提|艾力|木江|汗江|提江|克江|曼江|依明"
    rf"|阿訇|尼亚孜|吐尔逊|努尔|木拉提|娜依|孜万古丽)"
)
_MONGOL = re.compile(
    "巴特尔|娜仁花|娜仁|其其格|[乌阿萨格斯吉恩苏][兰日仁其仁娜尔][其花娜琪图]*(?:其其格|格日乐|高娃|图雅|巴特尔)|"
    "(?:苏日|乌云|萨日|斯琴|阿古|哈斯|宝音|朝鲁|格日|呼和|那顺|额尔德|布和|满都|孟和|敖登"
    "|其木|巴雅|阿拉腾|乌力|包勒|特木)"
    "(?:其其格|格日乐|高娃|图雅|巴特尔|娜|花|格|尔|勒|乐|图|巴图|拉图|尼|木图|斯琴|塔娜|朝鲁"
    "|德力格尔|吉日嘎拉|夫|吉|罕|扎布)?"
)
_MASKED = re.compile(r"某某?|[xX×*＊○]{1,3}(?![A-Za-z0-9*])")
_UP, _LOW = r"[A-Z\u00c0-\u00de\u0110\u1e00-\u1eff]", r"[a-z\u00df-\u024f\u1e00-\u1eff]"
LATIN_NAME = re.compile(
    rf"{_UP}{_LOW}+(?:[ -]{_UP}(?:{_LOW}+|\.))*[ -]{_UP}{_LOW}+|[A-Z]{{2,}}(?: [A-Z][A-Za-z]+){{1,2}}"
    rf"|[A-Z]\. ?[A-Z][a-z]+"
)


NOT_BEFORE_TITLE = re.compile(
    r"(?:主管|管床|家庭|全科|专科|住院|主治|责任|值班|签约|任何|相关|有关|平安|单位|查房|陪同"
    r"|麻醉|康复|明确|高年资|管理|公安|文员|于|当班|安全|平均|高级|相应|时任|历任|各|该|本|时间|明确|应急|计时"
    r"|常规|计划|边|向|应|由|和|班|第.|但|都)$"
)
"""Words and pieces that stand before a title without being a name."""


@cache
def surnames() -> dict[str, str]:
    """Surname to its kind: `common`, `wordlike` (an everyday word too) or `compound`."""
    table = read_table("zh_surnames.tsv")
    kinds = dict.fromkeys(table["wordlike"].replace(" ", ""), "wordlike")
    kinds |= dict.fromkeys(table["common"].replace(" ", ""), "common")
    return kinds | dict.fromkeys(table["compound"].split(), "compound")


@cache
def given_characters() -> frozenset[str]:
    """Characters that are frequent in given names."""
    return frozenset("".join(read_lines("zh_given.txt"))) - _STOP


def surname_at(text: str, at: int) -> str:
    """The surname that begins at a place, the compound one if there is one; empty when there is none."""
    for size in (4, 2, 1):
        if text[at : at + size] in surnames():
            return text[at : at + size]
    return ""


def foreign_name_end(text: str, at: int) -> int | None:
    """The end of a name with dots (`阿依古丽·买买提`, `约翰·史密斯`), or of a Tibetan, Uyghur or Mongolian name."""
    for shape in (_MINORITY, _UYGHUR, _TIBETAN_NAME, _MONGOL):
        if match := shape.match(text, at):
            return match.end() if match.end() - at >= 2 and not is_word(match.group()) else None
    return None


def name_end(text: str, at: int, *, sure: bool = False) -> int | None:
    """Where a name that begins at `at` ends; None when no name does.

    With `sure` the surroundings leave little doubt that a name stands here: rare surnames and characters are allowed.
    """
    surname = surname_at(text, at)
    if not surname:
        return foreign_name_end(text, at)
    if (end := foreign_name_end(text, at)) and (DOTS_SET & set(text[at:end])):
        return end
    rest = at + len(surname)
    if masked := _MASKED.match(text, rest):
        return masked.end()
    readings = [_read(text, at, rest, rest + size, sure=sure) for size in (2, 1)]
    best = max((reading for reading in readings if reading), default=None)
    if best is None and len(surname) > 1 and text[at] in surnames():
        readings = [_read(text, at, at + 1, at + 1 + size, sure=sure) for size in (2, 1)]
        best = max((reading for reading in readings if reading), default=None)
    return best[1] if best else None


_RUN = re.compile(rf"[{HAN}]{{2,6}}(?![{HAN}])")
_NAME_CHARACTERS = frozenset(TRANSLITERATED + "古且各惹莫热")
DOTS_SET = frozenset(DOTS)


def unlisted_name_end(text: str, at: int) -> int | None:
    """The end of a run of characters that names are made of, up to a break, with no ordinary word in it."""
    run = _RUN.match(text, at)
    if run is None or not all(char in _NAME_CHARACTERS or char in given_characters() for char in run.group()):
        return None
    import rjieba

    ordinary = is_word(run.group()) or any(
        len(word) > 1 and not tag.startswith("nr") and is_word(word) for word, tag in rjieba.tag(run.group())
    )
    return None if ordinary else run.end()


def _read(text: str, at: int, given: int, end: int, *, sure: bool) -> tuple[int, int] | None:
    """How well text[given:end] reads as a given name (higher is better) with its end; None when it cannot be one."""
    chars = text[given:end]
    if end > len(text) or is_word(text[at:end]) or (end - at == 2 and is_word(text[at : end + 1])):
        return None
    typical = all(char in given_characters() for char in chars)
    if not typical and not (sure and _possible(chars)):
        return None
    ends_well = _ends_well(text, end)
    first_word = given - at == 1 and len(chars) == 2 and is_word(text[at : at + 2])
    if first_word and (is_listed_word(text[at : at + 2]) or not typical):
        return None
    if first_word and not (typical and ends_well and surnames().get(text[at]) == "common" and not is_word(chars)):
        return None
    across = any(
        is_word(word)
        for word in (text[end - 1 : end + 1], text[end - 1 : end + 2])
        if len(word) > 1 and _ALL_HAN.fullmatch(word)
    )
    if across and not (ends_well and typical):
        return None
    if not typical and not ends_well:
        return None
    longer = len(chars) == 2 and typical and ends_well and chars[1] not in _GOES_ON
    return (4 * ends_well + 2 * (not across) + typical + 2 * longer, end)


@cache
def clinical() -> frozenset[str]:
    """Characters of everyday clinical words and of grammar, unlikely in names."""
    return _CLINICAL | _STOP


_ALL_HAN = re.compile(f"[{HAN}]+")
_GOES_ON = frozenset(
    "诉述称说因于在有无的为已未与和及拒要签系由被至到行予入出术今昨自亦也均曾是患现先不能可主其并同本既家返告近将表突反否仍经后前再当对向从送陪查指"
)
_CLINICAL = frozenset(
    "血压糖尿疼咳喘胸腹肿瘤癌疹疮脓骨肺肝肾脾胃肠脑膜管腺脉药片针汤丸膏散剂量度值率数比次级型期分级侧部位区线段面体液质素酸碱钠钾钙氯氧氮盐胆固醇脂"
    "蛋糖球板红疸斑带便秘泻吐呕晕昏迷抽搐瘫麻木肢腿臂脚足手指头颈肩背腰臀眼耳鼻口舌牙喉咽皮肤毛发汗冷暖湿燥虚实寒凉高低快慢轻重大小多少上下左右内外里间旁边"
)


def _ends_well(text: str, end: int) -> bool:
    """Whether a break, a verb or another word begins where the name ends."""
    if end >= len(text) or not _ALL_HAN.match(text[end]):
        return True
    return (
        text[end] in _GOES_ON or is_word(text[end : end + 2]) or (end + 3 <= len(text) and is_word(text[end : end + 3]))
    )


def _possible(chars: str) -> bool:
    """Given names of unlisted characters: rare ones always, everyday ones only beside a typical one."""
    if any(char in _CLINICAL or not _ALL_HAN.match(char) for char in chars):
        return False
    if all(char in given_characters() or (char not in _STOP and _rare(char)) for char in chars):
        return True
    hard = sum(char in _STOP for char in chars)
    return (
        len(chars) == 2 and any(char in given_characters() for char in chars) and (not hard or chars[0] in "有可如会来")
    )


def _rare(char: str) -> bool:
    """Outside the 3,755 characters of everyday writing (level 1 of GB 2312), where only names and learned words go."""
    if not re.match(f"[{HAN}]", char):
        return False
    try:
        return char.encode("gb2312")[0] >= 0xD8
    except UnicodeEncodeError:
        return True
