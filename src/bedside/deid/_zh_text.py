"""What every Chinese recogniser leans on: one-to-one folding of full-width text, word knowledge, and the lists in `data/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""The inside of a character class: Chinese characters."""

NUMERAL = "〇零○Ｏ一二三四五六七八九十"

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x09: 0x20}


_TRADITIONAL = "醫師護術記錄職診療號碼區縣鎮鄉樓棟門電話聯繫係親屬兒媽爺與請經會訊報檢驗單體歲陳訴稱現轉國華東濟學附屬長處員協開戶賬帳臺灣廣龍濱陽滬臨濰煙劉張黃楊趙吳孫馬鄭謝韓馮鄧蕭葉蘇盧鍾譚陸汪賈鄒閻賀賴龔龐顏倪嚴溫魯莊齊畢聶喬錢顧紀寧蘭閆歐駱鮑樂許羅動動時間發於頭過無應聽雙腫養優陰"
_SIMPLIFIED = "医师护术记录职诊疗号码区县镇乡楼栋门电话联系系亲属儿妈爷与请经会讯报检验单体岁陈诉称现转国华东济学附属长处员协开户账账台湾广龙滨阳沪临潍烟刘张黄杨赵吴孙马郑谢韩冯邓萧叶苏卢钟谭陆汪贾邹阎贺赖龚庞颜倪严温鲁庄齐毕聂乔钱顾纪宁兰闫欧骆鲍乐许罗动动时间发于头过无应听双肿养优阴"
_FOLD |= {ord(old): ord(new) for old, new in zip(_TRADITIONAL, _SIMPLIFIED, strict=True)}


def fold(text: str) -> str:
    """Full-width letters, digits and punctuation as ASCII, odd blanks as spaces, the traditional characters of labels,
    surnames and places as simplified; as long as before, so offsets hold.

    >>> fold("电话：１３８")
    '电话:138'
    """
    return text.translate(_FOLD)


def read_lines(name: str) -> Iterator[str]:
    """The lines of a list in `data/`, without comments and blanks."""
    for line in (files("bedside.deid") / "data" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


@cache
def read_table(name: str) -> dict[str, str]:
    """A two-column list of `data/`: kind to everything listed under it, joined by spaces."""
    table: dict[str, str] = {}
    for line in read_lines(name):
        kind, _, rest = line.partition("\t")
        table[kind] = f"{table[kind]} {rest}" if kind in table else rest
    return table


@lru_cache(maxsize=65536)
def is_word(word: str) -> bool:
    """Whether a stretch is an ordinary Chinese word, and not one that the dictionary knows as a proper name."""
    if is_listed_word(word):
        return True
    import rjieba

    if not rjieba.has_word(word):
        return False
    tags = rjieba.tag(word)
    return len(tags) == 1 and not tags[0][1].startswith(("nr", "ns", "nz"))


def is_listed_word(word: str) -> bool:
    """Whether a word is on our own list of words that look like names."""
    return word in _extra_words()


@cache
def _extra_words() -> frozenset[str]:
    return frozenset(word for line in read_lines("zh_words.txt") for word in line.split())


def any_of(words: str) -> str:
    """An alternation of the words given, longest first."""
    return "|".join(sorted(map(re.escape, set(words.split())), key=lambda word: (-len(word), word)))


def words(rule: str) -> str:
    """The words listed for a rule in `data/zh_labels.tsv`."""
    return read_table("zh_labels.tsv")[rule]
