"""The way a medicine is given: by mouth, into a vein, on the skin."""

from __future__ import annotations

import re

_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "ophthalmic",
        r"eye ?drops?|ophthalmic|eye ointment|in (?:the|each|both|left|right) eyes?|both eyes",
        "滴眼|眼药|眼膏|眼用|点眼",
    ),
    ("otic", r"ear ?drops?|otic", "滴耳|耳用"),
    ("nasal", r"nasal(?:ly)?|intranasal(?:ly)?|nose spray|each nostril", "滴鼻|鼻喷|喷鼻|鼻用"),
    ("intrathecal", r"intrathecal(?:ly)?", "鞘内"),
    (
        "intravenous",
        r"iv|i\.v\.?|intravenous(?:ly)?|ivgtt|ivpb|infusions?|iv push|drip",
        "静脉|静滴|静注|静推|静点|输液|滴注",
    ),
    ("intramuscular", r"im|i\.m\.?|intramuscular(?:ly)?", "肌肉注射|肌注|肌内注射"),
    ("subcutaneous", r"sc|s\.c\.?|subq|subcut(?:aneous(?:ly)?)?|sq", "皮下"),
    ("sublingual", r"sl|sublingual(?:ly)?|under the tongue", "舌下|含服"),
    ("rectal", r"pr|rectal(?:ly)?|supposit\w+|enema", "直肠|栓剂?|塞肛|灌肠|纳肛"),
    ("vaginal", r"pv|vaginal(?:ly)?|pessar\w+", "阴道"),
    ("inhaled", r"inhal\w+|nebuli[sz]\w+|nebs?|puffs?|mdi", "吸入|雾化|气雾剂|喷雾剂"),
    (
        "topical",
        r"topical(?:ly)?|cream|gel|ointment|lotion|patch(?:es)?|foam|shampoo|transdermal(?:ly)?|to the skin|mouthwash",
        "外用|乳膏|乳胶剂|霜剂?|酊剂?|软膏|凝胶|涂|搽|贴剂|贴片|贴膏|洗剂|擦剂|搽剂|喷剂|漱口",
    ),
    (
        "oral",
        r"po|p\.o\.?|oral(?:ly)?|by mouth|tab(?:let)?s?|cap(?:sule)?s?|syrup|suspension|swallow\w*|sachets?|chew\w*",
        "口服|片|胶囊|颗粒|糖浆|口服液|混悬液|冲服|嚼服|顿服|服用|饭后服|吞服",
    ),
)
_PATTERNS = [(name, re.compile(rf"(?<![A-Za-z])(?:{en})(?![A-Za-z])|{zh}", re.IGNORECASE)) for name, en, zh in _WORDS]


def route(text: str) -> str | None:
    """The way said first in the order of the table; None where none is said.

    >>> route("diclofenac gel to the knee"), route("1 g IV q8h"), route("布洛芬缓释胶囊"), route("ibuprofen")
    ('topical', 'intravenous', 'oral', None)
    """
    return next((name for name, pattern in _PATTERNS if pattern.search(text)), None)
