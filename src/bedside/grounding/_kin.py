"""Where a chart tells of a relative: "Brother had chickenpox", 其父有肾结石; what stands there is not the patient's."""

from __future__ import annotations

import re
from collections.abc import Iterator

_KIN = (
    r"(?:half-|step|grand|great-)?(?:mother|father|parents?|mom|mum|dad|brothers?|sisters?|siblings?|sons?|daughters?|"
    r"child|children)|wife|husband|spouse|partner|aunts?|uncles?|cousins?|nephews?|nieces?|twins?|(?:house|room)mates?|"
    r"boyfriend|girlfriend|fianc[ée]e?|in-laws?"
)
_KIN_ZH = (
    r"(?:祖|外祖|外|继|岳|公)?(?:父|母|爸|妈)(?:亲|爸|妈)?|爷爷|奶奶|姥姥|姥爷|哥哥?|弟弟?|姐姐?|妹妹?|兄弟?|姐妹|"
    r"丈夫|妻子?|配偶|爱人|老公|老婆|儿子?|女儿|子|女|叔叔?|伯父?|姑姑?|姨妈?|舅舅?|表[兄弟姐妹哥]|堂[兄弟姐妹哥]|"
    r"室友|家人|同事|亲属"
)
_STARTS = re.compile(
    rf"(?:^|(?<=[.;:,\n]))\s*(?:(?:his|her|the|their|patient's|one|both|maternal|paternal|identical|older|younger|elder)\s+)*"
    rf"(?:{_KIN})\s+(?:also\s+|both\s+|each\s+)?(?=(?:had|has|have|with|on|is|was|are|were|died|dead|suffers?|suffered|takes?|"
    rf"diagnosed|got|needs?|developed|uses?)\b)[^.;\n]*"
    rf"|(?:^|(?<=[。；，,;\n]))\s*其?(?:{_KIN_ZH})(?=[^。；，,]{{0,2}}(?:患|有|得|因|曾|死|诊断|确诊|行|服|是|为|亦|均|猝|糖尿|高血压|健在))"
    r"[^。；;\n，,]*",
    re.IGNORECASE,
)


def of_relatives(text: str) -> Iterator[tuple[int, int]]:
    """The places that tell of a relative.

    >>> text = "Asthma. Brother had chickenpox last month. Her husband will help."
    >>> [text[start:end].strip() for start, end in of_relatives(text)]
    ['Brother had chickenpox last month']
    >>> [text[start:end] for text in ["无过敏，其兄猝死。妻子陪同。"] for start, end in of_relatives(text)]
    ['其兄猝死']
    """
    yield from (match.span() for match in _STARTS.finditer(text))
