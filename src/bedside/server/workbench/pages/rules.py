"""The guard on screen: every rule, when it speaks, what it says, on whose word, and the cases that test it."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from bedside.lang import tr
from bedside.rules import KINDS, shipped
from bedside.rules.words import in_words, patient_said
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal
from bedside.server.workbench.page import page
from bedside.server.workbench.pages._base import Page

SHOWN = 50
Reads = Annotated[Caller, require("knowledge.read")]


def add(router: APIRouter, context: Context) -> None:
    """The rules that are shipped."""

    @router.get("/rules", response_model=None)
    def rules(caller: Reads, kind: str = "", skip: Annotated[int, Query(ge=0)] = 0) -> Response:
        """The list, of one kind where it is named, a page at a time."""
        found = [one for one in shipped() if kind in ("", one.kind)]
        counts = Counter(one.kind for one in shipped())
        values = {"kinds": [one for one in KINDS if one in counts], "counts": counts, "kind": kind, "skip": skip}
        some = found[skip : skip + SHOWN]
        return page("rules.html", caller, found=some, count=len(found), shown=SHOWN, kind_names=kind_names, **values)

    @router.get("/rules/{id}", response_model=None)
    def rule(id: str, caller: Reads) -> Response:
        """One rule in words."""
        known = {one.id: one for one in shipped()}
        if id not in known:
            raise Refusal(404, "unknown_rule", tr("no such rule", "没有该规则"))
        said = {"in_words": in_words, "patient_said": patient_said, "kind_names": kind_names}
        return page("rule.html", caller, rule=known[id], **said)


def kind_names() -> dict[str, str]:
    """What the kinds of rules are called in the language in force."""
    return {
        "allergy": tr("allergy", "过敏"),
        "interaction": tr("interaction", "相互作用"),
        "renal": tr("kidney", "肾功能"),
        "hepatic": tr("liver", "肝功能"),
        "pregnancy": tr("pregnancy", "妊娠"),
        "lactation": tr("breastfeeding", "哺乳"),
        "paediatric": tr("children", "儿童"),
        "geriatric": tr("older people", "老年"),
        "qt": tr("QT interval", "QT 间期"),
        "duplicate": tr("duplicate", "重复用药"),
        "dose": tr("dose", "剂量"),
        "disease": tr("disease", "疾病"),
        "procedure": tr("procedure", "操作"),
        "lab": tr("laboratory", "检验"),
        "sex_age": tr("sex and age", "性别年龄"),
        "scope": tr("out of scope", "超出范围"),
        "self_harm": tr("self-harm", "自伤"),
        "red_flag": tr("red flag", "危险信号"),
    }


PAGE = Page("/rules", "knowledge.read", "Rules", "规则", 38, add)
