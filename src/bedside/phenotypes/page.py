"""A page for curators: notes with their findings marked, to accept, reject, correct by keyboard and save as JSON.

One file that asks no other machine for anything; its script is named by its hash, so that nothing in a note can run.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import Any, NamedTuple

from bedside.lang import current, disclaimer, tr
from bedside.phenotypes.reader import Finding
from bedside.phenotypes.render import flag_words, state

_FLAGS = (("negated", "n"), ("historical", "h"), ("family", "f"), ("hypothetical", "y"), ("uncertain", "q"))


class Note(NamedTuple):
    """A note without identity: its findings, and the phrases that were near one but not linked."""

    id: str
    text: str
    findings: Sequence[Finding]
    near: Sequence[Finding] = ()


class Page:
    """Writes the page piece by piece: `head`, `note` for each, `foot`. `called` gives a finding's name in the language.

    The notes' findings are kept for the foot, without any text.
    """

    def __init__(self, release: str, called: Callable[[str], str] = lambda id: "") -> None:
        self._release, self._called = release, called
        self._notes: list[str] = []
        self._findings: list[dict[str, Any]] = []
        self._script = _data("curate.js")

    def head(self) -> str:
        """How the page begins."""
        title = escape(tr("Findings in notes", "病历中的表型"))
        digest = base64.b64encode(hashlib.sha256(self._script.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
        kinds = (
            ("present", tr("present", "有")),
            ("excluded", tr("denied", "否认")),
            ("other", tr("family, possible, not yet so", "家族、可能、假设")),
            ("near", tr("near a finding, not linked", "相近而未链接")),
        )
        legend = "".join(f'<span class="{kind}"><i></i>{escape(word)}</span>' for kind, word in kinds)
        return (
            f'<!doctype html>\n<html lang="{"zh-CN" if current() == "zh" else "en"}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{title}</title>'
            f"<style>{_data('curate.css')}</style></head><body><main><h1>{title}</h1>"
            f'<p class="soft legend">{legend}<span>HPO {escape(self._release)}</span></p>'
            f'<div class="bar"><span class="count" aria-live="polite"></span>'
            f'<button id="open" aria-pressed="false">{escape(tr("undecided only", "仅未决"))} <kbd>o</kbd></button>'
            f'<button id="save" class="main">{escape(tr("Save list as JSON", "导出 JSON"))} <kbd>s</kbd></button>'
            f'<div class="keys">{_keys()}</div></div>\n'
        )

    def note(self, note: Note) -> str:
        """One note on the page; everything from it is escaped."""
        self._notes.append(note.id)
        listed = [(one, "near") for one in note.near]
        listed += [(one, "list" if one.likeness is None else "linked") for one in note.findings]
        listed.sort(key=lambda pair: (pair[0].start, pair[0].end))
        first = len(self._findings)
        rows = "".join(self._row(note, one, source) for one, source in listed)
        empty = f'<p class="none">{escape(tr("no finding", "未识别到表型"))}</p>'
        marked = "".join(_marked(note.text, listed, first))
        return (
            f'<section><h2>{escape(note.id)}</h2><p class="text">{marked}</p>'
            f"{f'<table>{rows}</table>' if rows else empty}</section>\n"
        )

    def foot(self) -> str:
        """How the page ends: what the script needs to write the curated list, and the script."""
        words = {"count": tr("{accepted} accepted · {rejected} rejected · {open} undecided", _COUNT_ZH)}
        notes = [{"id": id} for id in self._notes]
        told = {"hpo": self._release, "notes": notes, "findings": self._findings, "words": words}
        data = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
        return (
            f"<footer>{escape(disclaimer())}</footer></main>"
            f'<script type="application/json" id="told">{data}</script>\n'
            f"<script>{self._script}</script></body></html>\n"
        )

    def _row(self, note: Note, one: Finding, source: str) -> str:
        number = len(self._findings)
        found = {"id": one.id, "label": one.label, "start": one.start, "end": one.end}
        likeness = {} if one.likeness is None else {"likeness": round(one.likeness, 3)}
        self._findings.append(
            {"note": len(self._notes) - 1, **found, **likeness, "source": source, "context": one.context.names()}
        )
        kind = "near" if source == "near" else state(one)
        said = escape(note.text[one.start : one.end])
        own = self._called(one.id)
        name = escape(own or one.label)
        english = f' <span class="soft">{escape(one.label)}</span>' if own and own != one.label else ""
        how = "" if one.likeness is None else f' <span class="how">≈ {one.likeness:.2f}</span>'
        accept, reject = escape(tr("accept", "接受")), escape(tr("reject", "拒绝"))
        return (
            f'<tr tabindex="0" class="{kind}" data-n="{number}" data-source="{source}">'
            f'<td><span class="name">{name}</span>{english}{how}<br><span class="id">{escape(one.id)}</span> '
            f'<span class="said">“{said}”</span></td><td class="context"><div class="flags">{_flags(one)}</div></td>'
            f'<td class="does"><button class="yes" data-choice="accepted" aria-label="{accept}">✓</button> '
            f'<button class="no" data-choice="rejected" aria-label="{reject}">✗</button></td></tr>'
        )


_COUNT_ZH = "已接受 {accepted} · 已拒绝 {rejected} · 未决 {open}"


def _flags(one: Finding) -> str:
    words, said = flag_words(), set(one.context.names())
    return "".join(
        f'<button data-flag="{name}" title="{key}" aria-pressed="{str(name in said).lower()}">'
        f"{escape(words[name])}</button>"
        for name, key in _FLAGS
    )


def _keys() -> str:
    words = flag_words()
    keys = [
        ("j k", tr("next, previous", "下一条、上一条")),
        ("a", tr("accept", "接受")),
        ("x", tr("reject", "拒绝")),
        ("u", tr("undo", "撤销")),
        *((key, words[name]) for name, key in _FLAGS),
    ]
    return "".join(
        f"<span>{' '.join(f'<kbd>{key}</kbd>' for key in many.split())} {escape(word)}</span>" for many, word in keys
    )


def _marked(text: str, listed: Sequence[tuple[Finding, str]], first: int) -> Iterator[str]:
    """The text with each place in a `mark` that carries its row's number; of two at one place the first."""
    at = 0
    for number, (one, source) in enumerate(listed, start=first):
        if one.start < at:
            continue
        kind = "near" if source == "near" else state(one)
        yield f'{escape(text[at : one.start])}<mark class="{kind}" data-n="{number}">'
        yield f"{escape(text[one.start : one.end])}</mark>"
        at = one.end
    yield escape(text[at:])


def _data(name: str) -> str:
    return files("bedside.phenotypes").joinpath(f"data/{name}").read_text(encoding="utf-8")
