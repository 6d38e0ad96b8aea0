"""Words that are names and also plain or medical words: never carried from a name to the rest of a note on their own.

Colours, seasons, trades, body and ward words, months, the eponyms of diseases, signs and devices
(`data/ordinary_en.txt`, lower case). Chinese has a dictionary for this: `lexicon.chinese.is_word`.
"""

from __future__ import annotations

from pathlib import Path

ENGLISH = frozenset((Path(__file__).parents[1] / "data" / "ordinary_en.txt").read_text(encoding="utf-8").split())
