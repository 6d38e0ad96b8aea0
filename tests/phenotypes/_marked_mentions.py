"""Sentences with their mentions marked: `[fever]{n}` is a denied one."""

from __future__ import annotations

import re

FLAGS = {"n": "negated", "h": "historical", "f": "family", "y": "hypothetical", "u": "uncertain"}


def marked(line: str) -> tuple[str, list[tuple[int, int]], list[set[str]]]:
    """A line with `[mention]{letters}` as text, places and what is true of each; `\\n` is a new line of the text."""
    text, spans, said, at = "", [], [], 0
    line = line.replace("\\n", "\n")
    for match in re.finditer(r"\[([^\]]*)\]\{(\w*)\}", line):
        text += line[at : match.start()]
        spans.append((len(text), len(text) + len(match[1])))
        said.append({FLAGS[letter] for letter in match[2]})
        text, at = text + match[1], match.end()
    return text + line[at:], spans, said
