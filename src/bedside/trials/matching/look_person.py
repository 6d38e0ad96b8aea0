"""Age, sex, and whether the patient is, or can be, pregnant or breast-feeding."""

from __future__ import annotations

from bedside.lang import tr
from bedside.trials.criterion import Condition
from bedside.trials.matching.fact import Facts
from bedside.trials.matching.found import Found, Rules, Truth, evidence_of
from bedside.trials.matching.look_measured import limits_of
from bedside.trials.matching.look_said import look_said
from bedside.trials.matching.values import INFINITE
from bedside.trials.matching.vocabulary import Vocabulary

FERTILE_YEARS = (10, 60)
"""Outside these ages a patient is taken as not pregnant; within them a chart must say so."""
_YEARS = {
    "month": 1 / 12,
    "months": 1 / 12,
    "月": 1 / 12,
    "week": 7 / 365.25,
    "weeks": 7 / 365.25,
    "周": 7 / 365.25,
    "day": 1 / 365.25,
    "days": 1 / 365.25,
    "天": 1 / 365.25,
}
_OUT = ("menopause", "hysterectomy")


def look_age(condition: Condition, facts: Facts) -> Found:
    """Age in completed years against a bound; a class of ages (90 and above) may leave it open."""
    if facts.age is None:
        return Found(none_found=True)
    if condition.op in ("present", "absent"):
        return Found(none_found=True)
    factor = _YEARS.get(condition.unit.strip().lower(), 1.0)
    low, high = (one * factor for one in limits_of(condition))
    note = tr(f"age {_said(facts.age)}", f"年龄 {_said(facts.age)}")
    return Found(truth=_old_enough(facts.age, low, high, condition.op), note=note)


def look_sex(condition: Condition, facts: Facts) -> Found:
    """The sex that is asked for; "any" is everyone's."""
    wanted = condition.concept.strip().lower()
    if wanted in ("any", "both", "all", ""):
        return Found(truth=True)
    if not facts.sex:
        return Found(none_found=True)
    return Found(truth=facts.sex == _SEXES.get(wanted, wanted), note=tr(facts.sex, _ZH[facts.sex]))


def look_pregnancy(condition: Condition, facts: Facts, words: Vocabulary, rules: Rules, text: str) -> Found:
    """Pregnancy, breast-feeding, childbearing potential, contraception."""
    if facts.sex == "male" and "contracept" not in condition.concept.lower() and "避孕" not in condition.concept:
        return Found(truth=False, note=tr("male", "男"))
    what = condition.concept.strip().lower()
    if "contracept" in what or "避孕" in what:
        return Found(none_found=True)
    out = [
        one for name in _OUT for one in facts.narrow.get(words.number("diagnosis", name), ()) if one.state == "present"
    ]
    young, old = FERTILE_YEARS
    if facts.age is not None and (facts.age[1] <= young or facts.age[0] >= old):
        return Found(truth=False, note=tr(f"age {_said(facts.age)}", f"年龄 {_said(facts.age)}"))
    if out and "feed" not in what and "哺乳" not in what:
        return Found(truth=False, evidence=evidence_of(out, "against"))
    if "potential" in what or "育龄" in what or "生育" in what:
        lean: Truth = True if facts.sex == "female" else None
        return Found(lean=lean, none_found=True)
    return look_said(condition, facts, words, rules, text)


def _old_enough(age: tuple[float, float], low: float, high: float, op: str) -> Truth:
    """Against bounds in whole years by completed years, else by what the age can be.

    >>> [_old_enough((75.0, 76.0), 18.0, 75.0, op) for op in ("between", "<")]
    [True, False]
    >>> _old_enough((0.0, 1.0), 2 / 12, 11 / 12, "between") is None
    True
    """
    whole = all(abs(one) == INFINITE or abs(one - round(one)) < 1e-6 for one in (low, high)) and age[1] - age[0] == 1
    first, last = (age[0], age[0]) if whole else (age[0], age[1] - 1e-6)
    above = [one > low if op == ">" else one >= low - 1e-3 for one in (first, last)]
    below = [one < high if op == "<" else one <= high + 1e-3 for one in (first, last)]
    if all(above) and all(below):
        return True
    return False if not above[1] or not below[0] else None


def _said(age: tuple[float, float]) -> str:
    return "90+" if age[0] >= 90 else f"{age[0]:.3g}"


_SEXES = {"男": "male", "女": "female", "男性": "male", "女性": "female", "men": "male", "women": "female"}
_ZH = {"male": "男", "female": "女"}
