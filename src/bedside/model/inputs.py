"""What happens to a text before a model sees it: identity is removed, marks are added, long texts are cut.

The one place where text becomes tokens, for fitting, evaluating, explaining, predicting and serving alike.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bedside.errors import IdentityError
from bedside.lang import tr

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from bedside.model.lists import Lists
    from bedside.model.marked import Marked
    from bedside.model.units import Units
    from bedside.types import Span

Scrubbed = tuple[str, "list[Span]"]
"""A text without identity, and where it was in the text given."""

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
    `units` is there for heads that judge every unit of a text (`model/units.py`): then `ids` are those of its pieces.
    `marked` likewise for heads that judge pairs of entities (`model/marked.py`).
    `texts` is there for heads whose answers are read off them.
    `decode` turns ids into text again, for heads that write.
    `parts` numbers what each id belongs to, where several things share a row: packed texts; text read and text written.
    `lists` is there for heads that compare texts (`model/lists.py`): then `ids` hold the documents' behind the texts'.
    """

    ids: list[list[int]]
    cut: tuple[int, ...]
    unread: tuple[int, ...] = ()
    units: Units | None = None
    marked: Marked | None = None
    texts: Sequence[str] = field(default=(), repr=False)
    decode: Callable[[Sequence[int]], str] | None = None
    lists: Lists | None = None
    parts: Sequence[Sequence[int]] | None = field(default=None, repr=False)


def prepare_text(text: str, *, identity: Identity = "scrub") -> str:
    """One text without identity; if it cannot be removed, IdentityError: the raw text is never passed on."""
    return text if identity != "scrub" else _scrubbed([text])[0][0]


def prepare_texts(
    texts: Sequence[str], *, identity: Identity = "scrub", on_text: Callable[[int], None] | None = None
) -> list[str]:
    """Many texts, in order; a large number is shared out to local processes. `on_text(1)` is called after each."""
    return [text for text, _ in prepare_marked(texts, identity=identity, on_text=on_text)]


def prepare_marked(
    texts: Sequence[str], *, identity: Identity = "scrub", on_text: Callable[[int], None] | None = None
) -> list[Scrubbed]:
    """`prepare_texts`, each text with what was removed from it: places in the text as it was."""
    done = []
    for text in _prepared(texts, identity):
        done.append(text)
        if on_text:
            on_text(1)
    return done


def _prepared(texts: Sequence[str], identity: Identity) -> Iterator[Scrubbed]:
    workers = min(os.cpu_count() or 1, 8)
    if identity != "scrub":
        yield from ((text, []) for text in texts)
        return
    groups = (texts[at : at + TOGETHER] for at in range(0, len(texts), TOGETHER))
    if len(texts) < PARALLEL_FROM or workers == 1 or sys.platform != "linux":
        for group in groups:
            yield from _scrubbed(group)
        return
    prepare_text(texts[0])  # dictionaries are loaded once, before the processes are forked from this one
    with ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), initializer=_begin) as pool:
        for done in pool.map(_scrubbed, groups):
            yield from done


def _begin() -> None:
    """In the new process: Ctrl-C is the parent's to hear, and a polite kill ends it at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _scrubbed(texts: Sequence[str]) -> list[Scrubbed]:
    try:
        from bedside.deid import Note, Policy, scrub_texts

        clean: list[Scrubbed] = []
        for done in scrub_texts([Note(text) for text in texts], policy=Policy(action="tag")):
            if isinstance(done, IdentityError):
                raise done
            clean.append(done)
    except Exception as fault:  # whatever went wrong inside, nothing may leave here unscrubbed
        raise IdentityError(
            tr("identity could not be removed", "无法去除身份信息") + f" ({type(fault).__name__})",
            next="bedside deidentify",
        ) from None
    return clean


def encode(tokenizer: Tokenizer, texts: Sequence[str], *, prefix: str, max_tokens: int) -> Encoded:
    """Token ids of each text with its prefix and marks; a long one keeps its head and its tail.

    >>> from bedside.backbones._load import load_backbone
    >>> encode(load_backbone("echo").tokenizer, ["fever"], prefix="", max_tokens=4).cut
    (0,)
    """
    found = [piece.ids for piece in tokenizer.encode_batch_fast([prefix + text for text in texts])]
    cut = tuple(number for number, ids in enumerate(found) if len(ids) > max_tokens)
    for number in cut:
        found[number] = shortened(found[number], max_tokens)
    return Encoded(found, cut, unread(tokenizer, found, prefix))


def encode_pairs(
    tokenizer: Tokenizer, texts: Sequence[str], seconds: Sequence[str], *, prefix: str, max_tokens: int
) -> Encoded:
    """Token ids of each text, with its prefix and marks, and then of its second text up to the closing mark.

    Of a pair that is too long the longer text loses its middle first; each keeps at least half of the room.
    """
    firsts = [piece.ids for piece in tokenizer.encode_batch_fast([prefix + text for text in texts])]
    found, cut = [], []
    for number, (first, piece) in enumerate(zip(firsts, tokenizer.encode_batch(list(seconds)), strict=True)):
        opening = next((at for at, special in enumerate(piece.special_tokens_mask) if not special), 0)
        second = piece.ids[opening:]
        if len(first) + len(second) > max_tokens:
            cut.append(number)
            half = max_tokens // 2
            first = shortened(first, max(half, max_tokens - len(second)))
            second = shortened(second, max_tokens - len(first))
        found.append(first + second)
    return Encoded(found, tuple(cut), unread(tokenizer, found, prefix))


def shortened(ids: list[int], room: int) -> list[int]:
    """The head and the tail of a long text."""
    tail = max(1, room // TAIL_SHARE)
    return ids if len(ids) <= room else ids[: room - tail] + ids[-tail:]


def was_cut() -> str:
    """What limits the answer to a text that lost its middle."""
    return tr("the text was too long: its middle was not read", "文本过长：中间部分未被读取")


def cannot_read() -> str:
    """Why a text has no answer that has more unknown tokens than known ones."""
    return tr("most of this text is in letters that the model cannot read", "文本大部分为模型无法识别的文字")


def unread(tokenizer: Tokenizer, ids: list[list[int]], prefix: str) -> tuple[int, ...]:
    """Which texts have more unknown tokens than known ones; marks, prefix and blanks, in every text, do not count."""
    unknown = next((found for mark in UNKNOWN if (found := tokenizer.token_to_id(mark)) is not None), None)
    if unknown is None:
        return ()
    blank = tokenizer.token_to_id(BLANK)

    def known(one: list[int]) -> int:
        return len(one) - one.count(unknown) - (one.count(blank) if blank is not None else 0)

    always = known(tokenizer.encode(prefix).ids)
    return tuple(number for number, one in enumerate(ids) if one.count(unknown) > known(one) - always)
