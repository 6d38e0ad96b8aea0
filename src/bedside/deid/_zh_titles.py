"""Takes the title off a Chinese person: of `尤主任` and `戴阿婆` the surname is identity, the rest is an office or an age."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid._zh_text import HAN

_TITLES = (
    "(?:(?:主任|副主任|主治|住院|责任|进修|实习|主管|值班|管床)?(?:医师|医生|大夫|护士长|护士|护师|药师|技师)|"
    "副?主任|副?教授|副?院长|副?科长|副?所长|副?站长|副?队长|副?处长|博士|警官|经理|会计|律师|法官|书记|校长|"
    "先生|女士|小姐|太太|师傅|老师|同志|大爷|大妈|大叔|大娘|大伯|大姐|大哥|阿姨|阿婆|阿伯|奶奶|爷爷|婆婆|伯伯|叔叔|"
    "老太太?|老先生|老爷子|[醫医]師|護士|護理師|主任醫師|醫生)"
)
_TITLED = re.compile(rf"[{HAN}]{{1,4}}?(?={_TITLES}\Z)")
_FAMILIAR = frozenset("老小大阿")
"""Of `小阿姨` and `老先生` nothing would be left that names anybody."""


def untitled(text: str, found: Candidate) -> Candidate:
    """The candidate without the title at its end; one that names no person, or is all title, as it is.

    >>> untitled("尤主任查房", Candidate(0, 3, "STAFF", 0.8, ""))[:2]
    (0, 1)
    """
    if found.type not in ("NAME", "STAFF"):
        return found
    name = _TITLED.match(text[found.start : found.end])
    if name is None or name.group() in _FAMILIAR:
        return found
    return found._replace(end=found.start + name.end())
