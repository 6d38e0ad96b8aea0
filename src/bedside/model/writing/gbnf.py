"""Grammars in rules (GBNF, as llama.cpp reads them) as what `following.py` follows; faults are told by line.

A rule is `name ::= ways`, ways are apart by `|`, and the text is what `root` says. Parts: "text"
(behind a backslash n, t, x41, u80ba, or a mark itself), [a-z] and [^a-z], `.` (no line end), names of rules, groups in
( ), and * + ? {2} {1,3} {1,} behind any. `#` begins a remark. A rule may use itself (brackets in brackets), but not as
its own beginning.

Source: llama.cpp, grammars/README.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bedside.errors import ConfigError
from bedside.lang import tr
from bedside.model.writing.following import begins_with
from bedside.model.writing.grammar import EMPTY, Node, Rule, chars, either, other_than, text, then, times

TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+|\#[^\n]*)
      | (?P<head>[A-Za-z][\w-]*)[ \t]*::=
      | (?P<name>[A-Za-z][\w-]*)
      | (?P<text>"(?:[^"\\\n]|\\.)*")
      | (?P<set>\[(?:[^\]\\\n]|\\.)+\])
      | (?P<count>\{[0-9]{1,4}(?:,[0-9]{0,4})?\})
      | (?P<sign>[|()*+?.])""",
    re.VERBOSE,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
MEMBER = re.compile(r"(\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|.)", re.DOTALL)
REPEATED = {"*": (0, None), "+": (1, None), "?": (0, 1)}
DEEPEST = 32


@dataclass(frozen=True)
class Token:
    """A piece of a grammar's text, its kind and its line."""

    kind: str
    value: str
    line: int


@dataclass
class Reader:
    """Reads tokens one by one; `rules` grows as names are met."""

    tokens: list[Token]
    at: int = 0
    deep: int = 0
    rules: dict[str, Rule] = field(default_factory=dict)

    def next(self) -> Token:
        """The token that comes, "end" behind the last."""
        if self.at < len(self.tokens):
            return self.tokens[self.at]
        return Token("end", "", self.tokens[-1].line if self.tokens else 1)

    def take(self) -> Token:
        """That token, and on to the one behind it."""
        self.at += 1
        return self.tokens[self.at - 1]

    def rule(self, name: str) -> Rule:
        """The rule of that name, said already or not."""
        return self.rules.setdefault(name, Rule(name))


def rules_grammar(grammar: str) -> Node:
    r"""All texts of a grammar; raises ConfigError for what is none, and for a rule that begins with itself.

    >>> from bedside.model.writing.following import matches
    >>> lists = 'root ::= item ("; " item)*\nitem ::= [a-z]+ | "(" root ")"'
    >>> matches(rules_grammar(lists), "fever; (cough; pain)"), matches(rules_grammar(lists), "fever; (cough")
    (True, False)
    """
    reader = Reader(_tokens(grammar))
    while reader.next().kind != "end":
        head = reader.take()
        if head.kind != "head":
            raise _fault(head, tr("a rule: name ::= ...", "规则：name ::= ..."))
        rule = reader.rule(head.value)
        if rule.body is not None:
            raise _fault(head, tr("each rule once", "每条规则只能定义一次"))
        rule.body = _ways(reader)
    for name in ("root", *reader.rules):
        if name not in reader.rules or reader.rules[name].body is None:
            what = tr("a rule for every name, and one called root", "须定义 root 及所有规则名")
            raise _fault(Token("name", name, 0), what)
    for name, rule in reader.rules.items():
        if begins_with(rule, rule):
            raise _fault(Token("name", name, 0), tr("no rule that begins with itself", "规则不得以自身开头"))
    return reader.rules["root"]


def _tokens(grammar: str) -> list[Token]:
    found, at, line = [], 0, 1
    while at < len(grammar):
        match = TOKEN.match(grammar, at)
        if match is None or match.lastgroup is None:
            what = tr("rules, texts, [sets], ( ), |, * + ? {1,3}", "规则、文本、[字符集]、( )、|、* + ? {1,3}")
            raise _fault(Token("", grammar[at : at + 12].splitlines()[0], line), what)
        if match.lastgroup != "blank":
            found.append(Token(match.lastgroup, match[match.lastgroup], line))
        line += match[0].count("\n")
        at = match.end()
    return found


def _ways(reader: Reader) -> Node:
    reader.deep += 1
    if reader.deep > DEEPEST:
        raise _fault(reader.next(), tr(f"groups at most {DEEPEST} deep", f"分组最多嵌套 {DEEPEST} 层"))
    ways = [_sequence(reader)]
    while reader.next().value == "|" and reader.next().kind == "sign":
        reader.take()
        ways.append(_sequence(reader))
    reader.deep -= 1
    return either(*ways)


def _sequence(reader: Reader) -> Node:
    parts: list[Node] = []
    while (token := reader.next()).kind not in ("end", "head") and token.value not in ("|", ")"):
        parts.append(_repeated(reader, _part(reader)))
    return then(*parts) if parts else EMPTY


def _part(reader: Reader) -> Node:
    token = reader.take()
    if token.kind == "name":
        return reader.rule(token.value)
    if token.kind == "text":
        return text(ESCAPE.sub(_meant, token.value[1:-1]))
    if token.kind == "set":
        return _set(token)
    if token.value == ".":
        return other_than(((10, 10),))
    if token.value == "(":
        inner = _ways(reader)
        if reader.next().value != ")":
            raise _fault(reader.next(), ")")
        reader.take()
        return inner
    raise _fault(token, tr("a text, a set, a name or a group", "文本、字符集、规则名或分组"))


def _repeated(reader: Reader, part: Node) -> Node:
    token = reader.next()
    if token.kind == "count":
        least, comma, most = reader.take().value[1:-1].partition(",")
        low, high = int(least), (int(most) if most else None) if comma else int(least)
        if high is not None and high < low:
            raise _fault(token, tr("numbers in order", "数字须有序"))
        return times(part, low, high)
    if token.kind == "sign" and token.value in REPEATED:
        return times(part, *REPEATED[reader.take().value])
    return part


def _set(token: Token) -> Node:
    inner = token.value[1:-1]
    negative, inner = inner[:1] == "^", inner.removeprefix("^")
    members = MEMBER.findall(inner)
    ranges, at = [], 0
    while at < len(members):
        low = high = ord(ESCAPE.sub(_meant, members[at]))
        if at + 2 < len(members) and members[at + 1] == "-":
            high, at = ord(ESCAPE.sub(_meant, members[at + 2])), at + 2
        if high < low:
            raise _fault(token, tr("ranges in order", "范围须有序"))
        ranges.append((low, high))
        at += 1
    if not ranges:
        raise _fault(token, "[a-z]")
    return other_than(tuple(ranges)) if negative else chars(*ranges)


def _meant(match: re.Match[str]) -> str:
    """The character that an escape stands for."""
    said = match[1]
    return chr(min(int(said[1:], 16), 0x10FFFF)) if len(said) > 1 else ESCAPES.get(said, said)


def _fault(token: Token, allowed: str) -> ConfigError:
    said = tr("not a grammar", "不是有效语法")
    place = tr(f" in line {token.line}", f"（第 {token.line} 行）") if token.line else ""
    allowed = f"{tr('allowed', '允许')}: {allowed}"
    return ConfigError([f"fit.write.grammar: {said}{place}: {token.value} ({allowed})"], next="bedside fit --help")
