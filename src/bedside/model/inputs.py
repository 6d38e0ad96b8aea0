"""What happens to a text before a model sees it: identity is removed, marks are added, long texts are cut.

The one place where text becomes tokens, for fitting, evaluating, explaining, predicting and serving alike.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bedside.errors import IdentityError
from bedside.lang import tr

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Identity = Literal["scrub", "absent", "removed"]
"""Of the data: to be removed here; never there (published, identity-free); or removed by `bedside deidentify`."""

TAIL_SHARE = 4
"""One token in this many of a cut text comes from its end: notes close with the impression."""

UNKNOWN = ("<unk>", "[UNK]")
BLANK = "\u2581"
"""The piece of a unigram vocabulary that stands for a space."""

PARALLEL_FROM = 2000
"""Fewer texts than this are scrubbed in this process: starting others costs more."""

TOGETHER = 100
"""Texts scrubbed in one go."""


@dataclass(frozen=True)
class Encoded:
    """Token ids a text; which texts (by position) were too long and lost their middle, and which cannot be read.

    A text cannot be read when it has more unknown tokens than known ones: it is in letters the model never learnt.
    """

    ids: list[list[int]]
    cut: tuple[int, ...]
    unread: tuple[int, ...] = ()


def prepare_text(text: str, *, identity: Identity = "scrub") -> str:
    """One text without identity; if it cannot be removed, IdentityError: the raw text is never passed on."""
    return text if identity != "scrub" else _scrubbed([text])[0]


def prepare_texts(
    texts: Sequence[str], *, identity: Identity = "scrub", on_text: Callable[[int], None] | None = None
) -> list[str]:
    """Many texts, in order; a large number is shared out to local processes. `on_text(1)` is called after each."""
    done = []
    for text in _prepared(texts, identity):
        done.append(text)
        if on_text:
            on_text(1)
    return done


def _prepared(texts: Sequence[str], identity: Identity) -> Iterator[str]:
    workers = min(os.cpu_count() or 1, 8)
    if identity != "scrub":
        yield from texts
        return
    groups = (texts[at : at + TOGETHER] for at in range(0, len(texts), TOGETHER))
    if len(texts) < PARALLEL_FROM or workers == 1 or sys.platform != "linux":
        for group in groups:
            yield from _scrubbed(group)
        return
    prepare_text(texts[0])  # dictionaries are loaded once, before the processes are forked from this one
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        for done in pool.map(_scrubbed, groups):
            yield from done


def _scrubbed(texts: Sequence[str]) -> list[str]:
    try:
        from bedside.deid import Note, Policy, scrub_texts

        clean = []
        for done in scrub_texts([Note(text) for text in texts], policy=Policy(action="tag")):
            if isinstance(done, IdentityError):
                raise done
            clean.append(done[0])
    except Exception as fault:  # whatever went wrong inside, nothing may leave here unscrubbed
        raise IdentityError(
            tr("identity could not be removed", "无法去除身份信息") + f" ({type(fault).__name__})",
            next="bedside deidentify",
        ) from None
    return clean


def encode(tokenizer: Tokenizer, texts: Sequence[str], *, prefix: str, max_tokens: int) -> Encoded:
    """Token ids of each text with its prefix and marks; a long one keeps its head and its tail.

    >>> encode(load_backbone("echo").tokenizer, ["fever"], prefix="", max_tokens=4).cut
    (0,)
    """
    found = [piece.ids for piece in tokenizer.encode_batch_fast([prefix + text for text in texts])]
    cut = tuple(number for number, ids in enumerate(found) if len(ids) > max_tokens)
    tail = max(1, max_tokens // TAIL_SHARE)
    for number in cut:
        found[number] = found[number][: max_tokens - tail] + found[number][-tail:]
    return Encoded(found, cut, _unread(tokenizer, found, prefix))


def _unread(tokenizer: Tokenizer, ids: list[list[int]], prefix: str) -> tuple[int, ...]:
    """Marks, prefix and blanks are in every text and say nothing of it: they are not counted."""
    unknown = next((found for mark in UNKNOWN if (found := tokenizer.token_to_id(mark)) is not None), None)
    if unknown is None:
        return ()
    blank = tokenizer.token_to_id(BLANK)

    def known(one: list[int]) -> int:
        return len(one) - one.count(unknown) - (one.count(blank) if blank is not None else 0)

    always = known(tokenizer.encode(prefix).ids)
    return tuple(number for number, one in enumerate(ids) if one.count(unknown) > known(one) - always)
