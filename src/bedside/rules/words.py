"""A condition in words of both languages, for those who read a rule without reading its language."""

from __future__ import annotations

from bedside.drugs.vocabulary import vocabulary
from bedside.lang import tr
from bedside.rules._syntax import Call, Listed, Literal, Name, Node, Not, Operation, parse
from bedside.rules.conditions import conditions
from bedside.rules.labs import analytes
from bedside.rules.statements import statements
from bedside.types import Facts

_ARE = {
    "has": ("the patient has", "患者有"),
    "takes": ("the patient takes", "患者正在服用"),
    "allergic": ("the patient is allergic to", "患者过敏："),
    "allergic_named": ("the allergy list names", "过敏史写明："),
    "allergic_severe": ("the patient had a severe reaction to", "患者曾有严重过敏："),
    "intolerant": ("the patient does not tolerate", "患者不耐受："),
    "proposed": ("the proposal gives", "建议给予"),
    "systemic": ("the proposal gives (not only on the skin, eye, ear or nose)", "建议全身给予"),
    "stopped": ("the proposal stops", "建议停用"),
    "avoided": ("the proposal advises against", "建议避免"),
    "all": ("the patient takes or is given", "患者服用或将给予"),
    "twice": ("given twice", "重复给予"),
    "procedures": ("the proposal would do", "建议实施"),
    "says": ("the proposal says", "建议表述"),
}
_SIGNS = {
    "<": ("below", "低于"),
    "<=": ("at most", "不高于"),
    ">": ("above", "高于"),
    ">=": ("at least", "不低于"),
    "==": ("is", "为"),
    "!=": ("is not", "不为"),
}
_NAMES = {
    "age": ("age in years", "年龄（岁）"),
    "weight": ("weight in kg", "体重（kg）"),
    "height": ("height in cm", "身高（cm）"),
    "bmi": ("body mass index", "体重指数"),
    "egfr": ("eGFR", "eGFR"),
    "crcl": ("creatinine clearance", "肌酐清除率"),
    "sex": ("sex", "性别"),
    "lang": ("language", "语言"),
    "pregnant": ("pregnant", "妊娠"),
    "breastfeeding": ("breastfeeding", "哺乳"),
}
_CONSTANTS = {"male": ("male", "男"), "female": ("female", "女"), "true": ("true", "是"), "false": ("false", "否")}


def in_words(written: str) -> str:
    """A condition in the user's language.

    >>> in_words("'nsaid' in proposed and egfr < 30")
    'the proposal gives NSAID; and eGFR below 30'
    >>> in_words("none(['asthma', 'copd'], # in has)")
    'not: the patient has asthma or chronic obstructive pulmonary disease'
    """
    return _said(parse(written), outer=True)


def patient_said(facts: Facts) -> str:
    """What facts say of a patient, in a line: of a rule's own case, who is nobody.

    >>> patient_said(Facts(age_years=71, medications=("warfarin",)))
    '71 years; warfarin'
    """
    labs = [f"{one.name} {one.value} {one.unit}".strip() for one in facts.labs]
    allergies = [f"{tr('allergy:', '过敏：')} {one.substance} {one.reaction}".strip() for one in facts.allergies]
    age = [] if facts.age_years is None else [tr(f"{facts.age_years:g} years", f"{facts.age_years:g} 岁")]
    sex = [] if facts.sex == "unknown" else [facts.sex]
    pregnant = (
        [] if facts.pregnant is None else [tr("pregnant", "妊娠") if facts.pregnant else tr("not pregnant", "未孕")]
    )
    return "; ".join((*age, *sex, *pregnant, *facts.conditions, *facts.medications, *allergies, *labs))


def _said(node: Node, *, outer: bool = False) -> str:
    match node:
        case Operation("and" | "or" as sign, left, right):
            between = {"and": tr("; and ", "；且"), "or": tr("; or ", "；或")}[sign]
            said = between.join(_said(one, outer=_sign(one) == sign) for one in (left, right))
            return said if outer else tr(f"({said})", f"（{said}）")
        case Operation(sign, left, right):
            return _compared(sign, left, right)
        case Call(function, over, test):
            return _closure(function, over, test)
        case Not(of):
            return _contrary(_said(of))
        case Name(path):
            return _name(path)
        case Literal(written):
            word = written.strip("'\"")
            return tr(*_CONSTANTS.get(word, (word, word)))
        case Listed():
            return _items(node)


def _compared(sign: str, left: Node, right: Node) -> str:
    if sign == "in" and isinstance(right, Name) and right.path in _ARE:
        return f"{tr(*_ARE[right.path])}{tr(' ', '')}{_items(left)}"
    if sign == "not in":
        return _contrary(_compared("in", left, right))
    between = tr(*_SIGNS[sign]) if sign in _SIGNS else sign
    return tr(" ", "").join((_said(left), between, _said(right)))


def _contrary(said: str) -> str:
    return f"{tr('not: ', '并非：')}{said}"


def _closure(function: str, over: Node, test: Node) -> str:
    """`some(['a', 'b'], # in has)` is what `'a' in has` is, of either."""
    match test:
        case Operation("in", Name("#"), Name() as where):
            said = _said(Operation("in", over, where))
        case _:
            said = f"{_said(over)} ({_said(test)})"
    if function == "some":
        return said
    return _contrary(said) if function == "none" else tr(f"the number of those: {said}", f"数目：{said}")


def _sign(node: Node) -> str:
    return node.sign if isinstance(node, Operation) else ""


def _items(node: Node) -> str:
    items = node.items if isinstance(node, Listed) else (node,)
    return tr(" or ", "或").join(
        title(one.text) if isinstance(one, Literal) and one.text else _said(one) for one in items
    )


def _name(path: str) -> str:
    table, _, rest = path.partition(".")
    if table == "labs":
        return _measured(rest)
    id, _, what = rest.partition(".")
    if table == "trend":
        change, _, window = what.partition("_")
        return tr(f"{change} of {_measured(id)} in {window}", f"{_measured(id)} {window} 内的{_CHANGES_ZH[change]}")
    if table == "dose":
        return tr(f"{title(id)} {what.replace('_', ' ')}", f"{title(id)} {what}")
    return tr(*_NAMES.get(path, (path, path)))


_CHANGES_ZH = {"rise": "升高", "fall": "下降", "times": "升高倍数", "share": "所剩比例"}


def title(id: str) -> str:
    """The name of what an id stands for, in the user's language; the id in words where it has none."""
    known = vocabulary()
    if id in known.drugs:
        return tr(known.drugs[id].en, known.drugs[id].zh or known.drugs[id].en)
    if id in known.titles:
        return tr(*known.titles[id])
    if id in conditions():
        one = conditions()[id]
        return tr(one.en[0].lstrip("="), one.zh[0].lstrip("=") or one.en[0].lstrip("="))
    stated = {one.id: one.title for one in (*statements("procedures"), *statements("statements"))}
    return tr(*stated.get(id, (id.replace("_", " "),) * 2))


def _measured(id: str) -> str:
    one = analytes()[id]
    chinese = next((name for name in one.names if not name.isascii()), id)
    return f"{tr(id.replace('_', ' '), chinese)} ({one.unit})"
