"""A condition is checked against what there is to ask about: a misspelt id is refused, not silent for ever."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from functools import cache

from bedside.drugs.vocabulary import vocabulary
from bedside.errors import ConfigError
from bedside.lang import tr
from bedside.rules._expression import (
    LISTS,
    NUMBERS,
    TABLES,
    TEXTS,
    TRUTHS,
    Expression,
    compile_expression,
    literals,
    names,
)
from bedside.rules._medicines import DOSE
from bedside.rules._syntax import parse
from bedside.rules.conditions import conditions
from bedside.rules.labs import analytes
from bedside.rules.statements import statements
from bedside.rules.trends import TREND

_PLAIN = LISTS | NUMBERS | TRUTHS | TEXTS


def checked(written: str) -> Expression:
    """A condition, compiled; ConfigError or UsageError for a name or id that there is not.

    >>> checked("'nsaid' in proposed and egfr < 30").needs
    (frozenset({('proposed', 'nsaid')}), frozenset({('egfr', '')}))
    >>> checked("'nsiad' in proposed")
    Traceback (most recent call last):
    bedside.errors.ConfigError: unknown id in proposed: nsiad (did you mean nsaid?)
    """
    tree = parse(written)
    faults = [*_unknown_names(names(tree)), *_unknown_ids(literals(tree))]
    if faults:
        raise ConfigError(faults)
    return compile_expression(written)


@cache
def ids_of(name: str) -> Collection[str]:
    """All ids that a list of the context can hold."""
    if name == "has":
        return conditions().keys() | {"pregnancy", "breastfeeding"}
    if name in ("procedures", "says"):
        return {one.id for one in statements("procedures" if name == "procedures" else "statements")}
    known = vocabulary()
    return known.drugs.keys() | known.above.keys()


def _unknown_names(found: list[str]) -> Iterator[str]:
    for name in dict.fromkeys(found):
        table, _, rest = name.partition(".")
        if table not in TABLES:
            if name not in _PLAIN:
                yield _unknown(tr("unknown name", "未知的名称"), name, [*_PLAIN, *TABLES])
        elif table == "labs":
            if rest not in analytes():
                yield _unknown(tr("unknown value", "未知的检验项目"), rest, analytes())
        elif table == "trend":
            yield from _unknown_change(rest)
        else:
            yield from _unknown_dose(rest)


def _unknown_change(rest: str) -> Iterator[str]:
    id, _, what = rest.partition(".")
    if id not in analytes():
        yield _unknown(tr("unknown value", "未知的检验项目"), id, analytes())
    if what not in TREND:
        yield _unknown(tr("unknown change of a value", "未知的变化量"), what, TREND)


def _unknown_dose(rest: str) -> Iterator[str]:
    id, _, what = rest.partition(".")
    if id not in vocabulary().drugs:
        yield _unknown(tr("unknown medicine", "未知的药物"), id, vocabulary().drugs)
    if what not in DOSE:
        yield _unknown(tr("unknown part of a dose", "未知的剂量项"), what, DOSE)


def _unknown_ids(found: list[tuple[str, str]]) -> Iterator[str]:
    for name, id in dict.fromkeys(found):
        if name in LISTS and id not in ids_of(name):
            yield _unknown(tr(f"unknown id in {name}", f"{name} 中没有此编号"), id, ids_of(name))


def _unknown(what: str, value: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(value, list(known), n=1)
    return f"{what}: {value}" + (tr(f" (did you mean {near[0]}?)", f"（是否为 {near[0]}？）") if near else "")
