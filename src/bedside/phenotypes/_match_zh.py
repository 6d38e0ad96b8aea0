"""Chinese names of findings in a text, after a rewriting that makes 肝脏肿大, 肝大 and 肝增大 one; longest wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bedside.phenotypes._match_en import Hit, longest

_SAME = (
    (
        "",
        "的|有些|稍微|稍|轻微|轻度|中度|重度|明显|显著|比较|较为|较|特别|非常|"
        "很|偏(?![头瘫身盲执食侧])|略|症(?=$)|水平|浓度|含量|血清|均|呈|较同龄人",
    ),
    ("大", "肿大|增大|扩大|巨大|变大"),
    ("高", "升高|增高|增加|增多|过高|过多|上升"),
    ("低", "降低|减低|低下|下降|减少|减退|过低|缺乏"),
    ("痛", "疼痛|作痛|酸痛|胀痛|隐痛|绞痛|刺痛|剧痛"),
    ("扩张", "增宽"),
    ("缺如", "缺失|未发育"),
    ("小", "过小|偏小|短小|细小"),
    ("肝", "肝脏"),
    ("脾", "脾脏"),
    ("肾", "肾脏"),
    ("心", "心脏"),
    ("眼睑", "眼皮"),
    ("上肢", "双上肢"),
    ("下肢", "双下肢"),
    ("癫痫", "癫癎|癫癇"),
    ("白细胞", "WBC"),
    ("障碍", "困难"),
)
_SIDE = re.compile(
    r"(?:双侧|左侧|右侧|两侧|单侧|左|右)(?=[\u4e00-\u9fff]{2})|"
    r"双(?=[上下]肢|[眼耳手足脚腿肺肾膝髋肩踝腕肘][\u4e00-\u9fff])"
)
_REWRITE = re.compile("|".join(f"(?P<r{n}>{words})" for n, (_, words) in enumerate(_SAME)))
_SIZE = "大小长短宽窄高低厚薄"
_EXTENTS = ("大小", "长短", "高低", "宽窄", "厚薄", "粗细", "多少", "大三阳")
_NO_NAME = re.compile(r"血尿[酸素]|最[高低]血压|抗(?:癫痫|高血压|抑郁|焦虑|过敏|心律失常)")
_OTHER_WORD = re.compile(
    r"(?<=大)(?:脚?[趾拇]|腿|便|肠|脑|动脉|汗|量|约|夫|片|块|面积|概|夜|哭|笑|口|声)|(?<=小)(?:关节|[指趾腿脑肠便时叶孩儿梗于伙包红疙]|气道|肌|细胞|结节)|"
    r"(?<=长)(?:[大期出了个满着]|高(?!一)|不[高大])|(?<=短)(?:[暂期发]|时间)|(?<=高)(?:[三中血热温压烧]|考)|(?<=低)(?:[血热烧]|头)"
)
"""What follows the last character of a hit where that belongs to the next word: 双手|小关节."""
_NO_FINDING = re.compile("科|门诊|评分|量表|指数")
"""Words that hold the name of a finding or follow it, and say nothing of one: uric acid, a drug, a clinic."""
_GRADE = re.compile("[轻中重]度|严重")
"""How bad it is, which rewriting drops: the name of the finding itself goes before that of a grade of it."""
FEWEST = 2


def rewrite(text: str) -> tuple[str, list[int], list[int]]:
    """A text in the wording of the keys, with where each of its characters begins and ends in the original."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in [*_REWRITE.finditer(text), None]:
        stop = match.start() if match else len(text)
        for place in range(at, stop):
            char = text[place]
            if char.isspace():
                continue
            out.append(char.lower())
            starts.append(place)
            ends.append(place + 1)
        if match:
            said = _SAME[int(str(match.lastgroup)[1:])][0]
            for char in said:
                out.append(char)
                starts.append(match.start())
                ends.append(match.end())
            at = match.end()
    return "".join(out), starts, ends


class ChineseNames:
    """The names, as rewritten, with the lengths that names of the same first two characters have."""

    def __init__(self, keys: Mapping[str, int]) -> None:
        self.keys = keys
        self.lengths: dict[str, list[int]] = {}
        for name in keys:
            self.lengths.setdefault(name[:2], []).append(len(name))
        self.lengths = {head: sorted(set(many), reverse=True) for head, many in self.lengths.items()}

    def find(self, text: str) -> list[Hit]:
        """Every name in the text, without overlaps.

        Of 无尿频 the name is 尿频, and 无 denies it; 胆囊大小 is no large gallbladder, 血尿酸 no blood in the urine.
        """
        hits = meant(text, self._hits(text))
        after = {hit.start: hit.end for hit in hits}
        kept = (hit for hit in hits if text[hit.start] != "无" or after.get(hit.start + 1, 0) <= hit.end)
        return longest(kept)

    def _hits(self, text: str) -> Iterator[Hit]:
        said, starts, ends = rewrite(text)
        for at in range(len(said) - 1):
            for length in self.lengths.get(said[at : at + 2], ()):
                term = self.keys.get(said[at : at + length])
                if (
                    term is None
                    or at + length > len(said)
                    or _broken(starts, at, length)
                    or (said[at].isascii() and _inside(said, at, length))
                ):
                    continue
                yield Hit(term, starts[at], ends[at + length - 1], length)
                break


def meant(text: str, hits: Iterable[Hit]) -> list[Hit]:
    """Without those whose words are part of other ones: a size (胆囊大小), a drug (抗癫痫), a clinic (高血压门诊)."""
    others = {place for match in _NO_NAME.finditer(text) for place in range(*match.span())}
    return [
        hit
        for hit in hits
        if not text.startswith(_EXTENTS, hit.end - 1)
        and others.isdisjoint(range(hit.start, hit.end))
        and not _NO_FINDING.match(text, hit.end)
        and not _OTHER_WORD.match(text, hit.end)
    ]


def _broken(starts: list[int], at: int, length: int) -> bool:
    """Does the name begin or end within a word that was rewritten as a whole?"""
    end = at + length
    return (at > 0 and starts[at - 1] == starts[at]) or (end < len(starts) and starts[end - 1] == starts[end])


def _inside(said: str, at: int, length: int) -> bool:
    """Is a name in Latin letters part of a longer word?"""
    end = at + length
    before = at > 0 and said[at - 1].isascii() and said[at - 1].isalnum()
    return before or (end < len(said) and said[end - 1].isascii() and said[end].isascii() and said[end].isalnum())


def keys_of(names: Iterable[tuple[int, int, str]]) -> dict[str, int]:
    """The table of `ChineseNames` from (rank, term, name); adjective and noun may change places where both are said."""
    keys: dict[str, int] = {}
    turned: dict[str, int] = {}
    graded: dict[str, int] = {}
    for _, term, name in sorted(names):
        found = rewrite(name)[0]
        for form in (found, _SIDE.sub("", found)):
            if len(form) >= FEWEST:
                (graded if _GRADE.match(name) else keys).setdefault(form, term)
            if len(form) >= 3 and form[0] in _SIZE:
                turned.setdefault(form[1:] + form[0], term)
            elif len(form) >= 3 and form[-1] in _SIZE:
                turned.setdefault(form[-1] + form[:-1], term)
    return {**graded, **turned, **keys}
