"""An eligibility text cut into criteria: by its headings, bullets, numbers, nested lists and lists within a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bedside.trials.criterion import Side


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion's place in the text (code points, end exclusive; without its bullet) and its side."""

    start: int
    end: int
    side: Side


_WORDS: tuple[tuple[Side | None, str], ...] = (
    (
        "exclude",
        r"(?:key |main |major |general |principal |specific )*(?:exclusion(?:ary)? "
        r"criteri(?:a|on)|non-inclusion criteria|exclusions?|excluded|criteria for "
        r"exclusion)|"
        r"(?:受试者|患者|主要)?(?:排除|不纳入|除外)(?:标准|条件)",
    ),
    (
        "include",
        r"(?:key |main |major |general |principal |specific )*(?:inclusion(?:ary)? "
        r"criteri(?:a|on)|inclusions?|criteria for inclusion|eligibility criteria|eligibility)|"
        r"(?:受试者|患者|主要)?(?:入选|纳入|入组|包含|入排)(?:标准|条件)",
    ),
    (
        None,
        r"(?:剔除|脱落|终止|退出|中止)(?:标准|条件)|withdrawal criteria|discontinuation "
        r"criteria|termination criteria",
    ),
)
_HEADING = re.compile(
    r"(?:(?<=\A)|(?<=\n)|(?<=[。;；.]))[ \t>#*·•\-]{0,24}(?:\d{1,2}[.、)）]|[一二三四五六七八九十]{1,2}[、.)）]|"
    r"[（(][一二三四五六七八九十\d]{1,2}[)）])?[ \t*_【\[]{0,12}"
    rf"(?:(?P<exclude>{_WORDS[0][1]})|(?P<include>{_WORDS[1][1]})|(?P<neither>{_WORDS[2][1]}))"
    r"[ \t]*(?:\([^)\n]{0,60}\)|（[^）\n]{0,60}）|for [^:\n]{0,80}|\[[^\]\n]{0,60}\])?[】\]*_ "
    r"\t]*(?:[:：]|(?=\n)|\Z|-(?=\n)|(?=\s*(?:[(（]?1[)）.、．]|①|⑴)))",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"(?<=[ \t])(?:(?P<exclude>(?:Key )?Exclusion [Cc]riteria|EXCLUSION CRITERIA|"
    r"排除标准)|(?P<include>(?:Key )?Inclusion [Cc]riteria|INCLUSION CRITERIA|入选标准|"
    r"纳入标准)|(?P<neither>Withdrawal [Cc]riteria))\s*[:：]"
)
_BULLET = r"[-*•●○◆◇■□▪▫–—·➢►✓√]+"
_NUMBER = (
    r"[(（\[【]?\s*(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z]|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,3})\s*(?:[)）\]】][.、]?|"
    r"[.．、:：](?!\d))|\d{1,2}[.．](?=\d{1,3}\s*(?:周?岁|[-~～—–至]\s*\d{1,3}\s*周?岁))|"
    r"[①-⑳⑴-⒇㈠-㈩❶-❿]\s*[.、]?|\d{1,2}(?:\.\d{1,2})+(?=\s)"
)
_MARKED = re.compile(rf"[ \t]*(?:{_BULLET}\s*(?:{_NUMBER})?|{_NUMBER})[ \t]*")
_INLINE = (
    re.compile(r"[(（](\d{1,2})[)）]"),
    re.compile(r"(?<![\d(（.])(\d{1,2})[)）](?!\d)"),
    re.compile(r"(?<![\d.])(\d{1,2})[.．、](?=\s*\D)"),
    re.compile(r"([①-⑳])"),
    re.compile(r"([⑴-⒇])"),
    re.compile(r"(?<![a-zA-Z])([a-z])[)）]"),
)
_BREAK = re.compile(r"[;；。.,，、:：\s]\Z")
_PARENT = re.compile(r"[:：]\s*\Z")
_SENTENCES = re.compile(r"[；;。]")


def split(text: str, side: Side = "include") -> list[Part]:
    """The criteria of a text; `side` is that of what stands before any heading, and of a text without one.

    >>> text = "入选标准：1）年龄18-75岁；2）确诊高血压。排除标准：1）妊娠；2）过敏体质。"
    >>> [(one.side, text[one.start:one.end]) for one in split(text)]  # doctest: +NORMALIZE_WHITESPACE
    [('include', '年龄18-75岁；'), ('include', '确诊高血压。'), ('exclude', '妊娠；'), ('exclude', '过敏体质。')]
    """
    heads = _headings(text)
    if not heads:
        return list(_body(text, 0, len(text), side, headed=False))
    parts = list(_body(text, 0, heads[0].start(), side, headed=False)) if text[: heads[0].start()].strip() else []
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        end = after.start() if after else len(text)
        if head["neither"] is None:
            parts += _body(text, head.end(), end, "exclude" if head["exclude"] else "include", headed=True)
    return parts


def _headings(text: str) -> list[re.Match[str]]:
    """Headings of sections: at the beginning of a line or sentence, or within a line where they are written as such."""
    heads = list(_HEADING.finditer(text))
    taken = [one.span() for one in heads]
    heads += [one for one in _WITHIN.finditer(text) if not any(a <= one.start() < b for a, b in taken)]
    return sorted(heads, key=lambda one: one.start())


def _body(text: str, start: int, end: int, side: Side, *, headed: bool) -> Iterator[Part]:
    """The criteria under one heading."""
    lines = _lines(text, start, end)
    if not lines:
        return
    if not headed and len(lines) == 1 and not _runs(text, *lines[0][:2]):
        first, last, _, _ = lines[0]
        yield Part(first, last, side)
        return
    marked = any(mark for _, _, _, mark in lines)
    for first, last in _blocks(text, lines, marked):
        runs = _runs(text, first, last)
        if runs:
            for begin, stop in runs:
                yield from _part(text, begin, stop, side)
        elif (
            headed
            and not marked
            and "\u4e00" <= text[first:last][-2:-1] <= "\u9fff"
            and _SENTENCES.search(text, first, last - 1)
        ):
            yield from _sentences(text, first, last, side)
        else:
            yield from _part(text, first, last, side)


def _sentences(text: str, first: int, last: int, side: Side) -> Iterator[Part]:
    """A Chinese paragraph without numbers: its parts between semicolons."""
    at = first
    for match in _SENTENCES.finditer(text, first, last):
        yield from _part(text, at, match.end(), side)
        at = match.end()
    yield from _part(text, at, last, side)


def _part(text: str, start: int, end: int, side: Side) -> Iterator[Part]:
    """A criterion without its bullet and the space around it; none of what has no letter or digit."""
    mark = _MARKED.match(text, start, end)
    start = mark.end() if mark and mark.end() < end else start
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if any(one.isalnum() for one in text[start:end]):
        yield Part(start, end, side)


def _lines(text: str, start: int, end: int) -> list[tuple[int, int, int, bool]]:
    """Lines that hold anything: where each begins and ends, its indent, and whether it has a bullet or number."""
    found = []
    at = start
    for line in text[start:end].splitlines(keepends=True):
        bare = line.strip()
        if bare:
            first = at + len(line) - len(line.lstrip())
            mark = _MARKED.match(text, first, first + len(bare))
            found.append((first, first + len(bare), first - at, bool(mark)))
        at += len(line)
    return found


def _blocks(text: str, lines: list[tuple[int, int, int, bool]], marked: bool) -> Iterator[tuple[int, int]]:
    """Lines that are one criterion: wrapped ones, and a list under what introduces it with a colon."""
    at = 0
    while at < len(lines):
        first, last, indent, mark = lines[at]
        style = _style(text, first)
        parent = bool(_PARENT.search(text, first, last))
        at += 1
        while at < len(lines):
            start, end, deep, own = lines[at]
            wrapped = marked and mark and not own and "\n\n" not in text[last:start].replace(" ", "")
            child = parent and own and (deep > indent or (mark and _style(text, start) != style))
            if not (wrapped or child):
                break
            last = end
            at += 1
        yield first, last


def _style(text: str, at: int) -> str:
    """What kind of bullet or number a line has."""
    mark = _MARKED.match(text, at)
    said = mark[0].strip() if mark else ""
    return re.sub(r"\d+", "1", re.sub(r"(?<![a-z])[a-zA-Z](?![a-z])", "a", re.sub(r"[①-⑳]", "①", said)))


def _runs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A list within a line, 1) …; 2) …: where each of its items begins and ends; nothing where there is no list."""
    for pattern in _INLINE:
        places: list[int] = []
        for match in pattern.finditer(text, start, end):
            before = text[start : match.start()]
            if _ordinal(match[1]) == len(places) + 1 and (not before.strip() or _BREAK.search(before)):
                places.append(match.start())
        head = text[start : places[0]].strip() if places else "-"
        if len(places) > 1 and not head:
            return list(zip(places, [*places[1:], end], strict=True))
    return []


def _ordinal(said: str) -> int:
    if said.isdigit() and said.isascii():
        return int(said)
    if "①" <= said <= "⑳":
        return ord(said) - ord("①") + 1
    if "⑴" <= said <= "⒇":
        return ord(said) - ord("⑴") + 1
    return ord(said) - ord("a") + 1
