"""A text is kept to the form asked for: a JSON schema, a regular expression, a grammar of rules."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models

from bedside.backbones._load import load_backbone
from bedside.errors import ConfigError
from bedside.lang import speaking
from bedside.model.writing.constrain import Constraint, State, pieces_of
from bedside.model.writing.following import matches
from bedside.model.writing.gbnf import rules_grammar
from bedside.model.writing.pattern import pattern_grammar
from bedside.model.writing.prompts import text_ids
from bedside.model.writing.schema import schema_grammar

VISIT = {
    "type": "object",
    "properties": {
        "diagnosis": {"enum": ["pneumonia", "肺炎"]},
        "fever": {"type": "boolean"},
        "temperature_c": {"anyOf": [{"type": "number"}, {"type": "null"}]},
        "drugs": {"type": "array", "items": {"type": "string", "maxLength": 12}, "maxItems": 2},
    },
    "required": ["diagnosis", "drugs"],
}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ('{"diagnosis": "pneumonia", "drugs": []}', True),
        ('{"diagnosis":"肺炎","fever":true,"temperature_c":38.5,"drugs":["阿莫西林", "aspirin"]}', True),
        ('{"diagnosis": "肺炎", "temperature_c": null, "drugs": ["a\\"b"]}', True),
        ('{"diagnosis": "pneumonia"}', False),
        ('{"drugs": [], "diagnosis": "pneumonia"}', False),
        ('{"diagnosis": "flu", "drugs": []}', False),
        ('{"diagnosis": "pneumonia", "fever": "yes", "drugs": []}', False),
        ('{"diagnosis": "pneumonia", "drugs": ["a", "b", "c"]}', False),
        ('{"diagnosis": "pneumonia", "drugs": ["longer than twelve"]}', False),
        ('{"diagnosis": "pneumonia", "drugs": [], "mood": "low"}', False),
        ('{"diagnosis": "pneumonia", "drugs": []', False),
    ],
)
def test_a_text_satisfies_a_schema_or_it_does_not(text: str, fits: bool) -> None:
    assert matches(schema_grammar(VISIT), text) == fits


@given(st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6).map(lambda x: round(x, 4)))
def test_every_number_that_json_writes_is_a_number(value: float) -> None:
    assert matches(schema_grammar({"type": "number"}), json.dumps(value))
    assert matches(schema_grammar({"type": "integer"}), json.dumps(value)) == isinstance(value, int)


@pytest.mark.parametrize(
    "schema",
    [{"type": "object", "patternProperties": {}}, {"type": "number", "minimum": 0}, {"$ref": "#"}, {"type": "date"},
     {"type": "object", "required": ["x"]}, {"type": "array"}, {"type": "string", "pattern": ".*"}],
)  # fmt: skip
def test_what_a_schema_asks_and_cannot_be_kept_to_is_refused_not_ignored(schema: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="cannot be kept to"):
        schema_grammar(schema)
    with speaking("zh"), pytest.raises(ConfigError, match="无法遵守"):
        schema_grammar(schema)


PATTERNS = {
    r"(yes|no)": ["yes", "no", "ye", "yesno"],
    r"[0-9]{1,3} ?mm": ["21 mm", "7mm", "1234 mm", "mm"],
    r"T[1-4][a-c]?N[0-3x]": ["T1aN0", "T4Nx", "T5N0", "T1dN0"],
    r"[^a-c]+": ["肺炎", "x", "a", ""],
    r"\d+(\.\d)?": ["38.5", "38", "38.", ".5"],
    r"[一-龥]{2,4}": ["肺炎", "肺", "慢性阻塞性"],
    r"\w*?(?:mg|g).": ["5mg.", "阿司匹林g!", "mg\n"],
}


@pytest.mark.parametrize(("pattern", "text"), [(one, text) for one, texts in PATTERNS.items() for text in texts])
def test_a_pattern_matches_as_python_matches_it_as_a_whole(pattern: str, text: str) -> None:
    python = pattern.replace(r"\w", "[0-9A-Za-z_一-龥]")
    assert matches(pattern_grammar(pattern), text) == bool(re.fullmatch(python, text, re.ASCII))


def test_a_pattern_that_is_no_regular_grammar_is_refused() -> None:
    for pattern in (r"(a)\1", r"(?=a)b", "(", "^a$"):
        with pytest.raises(ConfigError, match="cannot be kept to"):
            pattern_grammar(pattern)


def test_a_character_may_come_in_pieces_of_bytes_but_only_one_that_the_form_allows() -> None:
    state = State(pattern_grammar("(肺炎|无)"))
    lung, head = "肺".encode(), "头".encode()
    begun = state.after(lung[:1])
    assert begun is not None
    assert not begun.may_end()
    whole = begun.after(lung[1:])
    assert whole is not None
    assert whole.after("炎".encode()) is not None
    assert state.after(head) is None
    assert state.after(head[:2]) is None, "no character that may come begins so"
    assert state.after(b"\x80") is None


def test_pieces_are_bytes_whatever_the_tokenizer() -> None:
    echo = load_backbone("echo").tokenizer
    assert b"".join(pieces_of(echo)[id] or b"?" for id in text_ids(echo, ["痛 7"])[0]) == "痛 7".encode()
    plain = Tokenizer(models.BPE(vocab={"\u2581no": 0, "<0xE7>": 1}, merges=[]))
    plain.decoder = decoders.Metaspace()
    assert pieces_of(plain) == [b" no", b"\xe7"]


def test_an_end_is_allowed_only_where_the_text_may_end() -> None:
    echo = load_backbone("echo").tokenizer
    keeper = Constraint(pattern_grammar("no?"), echo, [2])
    n, o, x = (text_ids(echo, [one])[0][0] for one in "nox")
    assert list(keeper.allowed(keeper.start, [x, 2, o, n])) == [n]
    assert list(keeper.allowed(keeper.after(keeper.start, n), [x, 2, o, n])) == [2, o]
    assert keeper.after(keeper.start, x) is None


DOSES = r"""
root  ::= "none" | order ("; " order)*      # one or several
order ::= drug " " dose ("mg" | "g") (" (" root ")")?
drug  ::= "aspirin" | "阿莫西林" | "\u78b3\u9178\u9499"
dose  ::= [1-9] [0-9]{0,3}
"""


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("none", True),
        ("aspirin 75mg", True),
        ("aspirin 75mg; 阿莫西林 1g", True),
        ("碳酸钙 1g (aspirin 5mg (none)); aspirin 1g", True),
        ("aspirin 075mg", False),
        ("aspirin 75", False),
        ("aspirin 75mg (none", False),
        ("aspirin 75mg; none", False),
        ("青霉素 1g", False),
        ("", False),
    ],
)
def test_a_text_is_of_a_grammar_of_rules_or_it_is_not(text: str, fits: bool) -> None:
    assert matches(rules_grammar(DOSES), text) == fits


@pytest.mark.parametrize("set_", ["[a-c]", "[^a-c]", r"[\-x]", r"[\]]", "."])
def test_sets_of_a_grammar_are_those_of_a_regular_expression(set_: str) -> None:
    for one in ("b", "痛", "-", "x", "d", "\n", "a", "]"):
        assert matches(rules_grammar(f"root ::= {set_}"), one) == bool(re.fullmatch(set_, one))


@pytest.mark.parametrize(
    ("grammar", "told"),
    [
        ("start ::= [a-z]", "root"),
        ("root ::= item", "item"),
        ('root ::= root "a" | "a"', "begins with itself"),
        ('root ::= "x"* tail\ntail ::= root "a" | "a"', "begins with itself"),
        ('root ::= "a', "line 1"),
        ('root ::= "a"\nroot ::= "b"', "line 2"),
        ('root ::= ("a" | "b"', "line 1"),
        ("root ::= " + "(" * 40 + '"a"' + ")" * 40, "deep"),
        ("", "root"),
    ],
)
def test_a_grammar_with_a_fault_says_where_and_what_is_allowed(grammar: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        rules_grammar(grammar)
    with speaking("zh"), pytest.raises(ConfigError, match="不是有效语法"):
        rules_grammar(grammar)


def test_a_first_piece_that_begins_with_a_blank_is_read_without_it() -> None:
    pieces = ["<unk>", "\u2581no", "no", "\u2581", "\u2581pain", "x"]
    plain = Tokenizer(models.Unigram([(one, -1.0) for one in pieces], unk_id=0))
    plain.decoder = decoders.Metaspace()
    keeper = Constraint(pattern_grammar("no pain"), plain, [0])
    assert list(keeper.allowed(keeper.start, range(1, 6))) == [1, 2, 3]
    begun = keeper.after(keeper.start, 1)
    assert list(keeper.allowed(begun, range(1, 6))) == [3, 4]
    assert keeper.accepts(plain.decode([1, 4]))
    with pytest.raises(ConfigError, match="begins the form"):
        Constraint(pattern_grammar("[{]a"), plain, [0])
