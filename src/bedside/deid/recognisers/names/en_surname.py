"""Where an English surname ends that follows a given name, and whether it is one at all."""

from __future__ import annotations

import re

from bedside.deid.lexicon.english import Lexicon, group
from bedside.deid.lexicon.english_medical import HEADS, pairs_medically
from bedside.deid.recognisers.names.en_cues import is_shouted
from bedside.deid.recognisers.names.en_cues_behind import AGE_AFTER, PERSON_VERB
from bedside.deid.recognisers.names.en_person import (
    STOP,
)


def surname_end(text: str, pieces: list[tuple[int, int, str]], index: int, at: int, lex: Lexicon) -> tuple[int, int]:
    """End of the surname after a given name and how many pieces it took, or (0, 0)."""
    given = pieces[index - 1][2].lower().rstrip(".").split("-")[0]
    doubtful = lex.is_ordinary(given)
    end = taken = known = 0
    for _, stop, word in pieces[index : index + 4]:
        low = word.lower().rstrip(".").replace("’", "'")
        bare = low.split("-")[0]
        if len(low) == 1:
            if is_shouted(pieces[index - 1][2]) != word.isupper() and not word.endswith(".") and low in ("a", "i"):
                break
            taken += 1
            continue
        if (
            low in ("van", "von", "der", "den", "de", "la", "del", "di", "da", "bin", "al", "el", "ibn", "y")
            and taken + 1 < len(pieces) - index
        ):
            taken += 1
            continue
        if word.isupper() and len(bare) < 3 and text[stop : stop + 1] == "(":
            break
        acts = bool(AGE_AFTER.match(text, stop) or PERSON_VERB.match(text, stop))
        same_case = word.isupper() == pieces[index - 1][2].isupper()
        if not _may_follow(word, lex, doubtful=doubtful, acts=acts, same_case=same_case):
            break
        known += lex.is_name(bare)
        taken += 1
        end = stop
        if known == 3:
            break
    if not end or pairs_medically(text, at, end, lex):
        return 0, 0
    return end, taken


def _may_follow(word: str, lex: Lexicon, *, doubtful: bool, acts: bool, same_case: bool) -> bool:
    """Whether `word` can be a surname; `doubtful`: the given name is a word; `acts`: what people do follows."""
    low = word.lower().rstrip(".").replace("’", "'")
    bare = low.split("-")[0]
    name, shouted = lex.is_name(bare), word.isupper()
    if low in STOP and not (name and not shouted and low in ("black", "white", "best", "head")):
        return False
    if (bare in lex.products and not name) or bare in lex.states:
        return False
    if lex.is_ordinary(bare):
        settled = not shouted and not doubtful and bare not in NOT_SURNAMES
        return name and (settled or (acts and (doubtful or shouted)))
    if not name and HEAD.fullmatch(bare):
        return False
    plain = word[1:].islower() or shouted or "-" in word or "'" in word
    return name or (same_case and len(bare) >= 3 and plain)


def shouted_pair(pieces: list[tuple[int, int, str]], index: int, lex: Lexicon) -> bool:
    """Whether a short word in capitals stands before a long surname ("AMY SANDERSON"), and so is no abbreviation."""
    following = pieces[index][2].lower() if index < len(pieces) else ""
    return len(following) >= 5 and following in lex.surnames and following not in lex.words


NOT_SURNAMES = group("not_surnames")
HEAD = re.compile(rf"(?:{HEADS})s?")
