"""What stages, acts and gates of models are called, for people."""

from __future__ import annotations

from bedside.clinic._gates import Gate
from bedside.clinic._model_rows import Act, Version
from bedside.lang import tr

_STAGES = {
    "candidate": ("candidate", "候选"),
    "shadow": ("shadow", "影子"),
    "live": ("live", "现行"),
    "retired": ("retired", "已停用"),
}
_ACTS = {
    "added": ("added", "登记"),
    "shadow": ("made a shadow", "设为影子"),
    "canary": ("made a canary", "灰度上线"),
    "live": ("made live", "上线"),
    "rollback": ("rolled back to", "回退至"),
    "retired": ("retired", "停用"),
}
_GATES = {
    "measured": ("measured", "已评估"),
    "apart": ("on rows not learnt from", "评估数据与训练数据分开"),
    "same_answers": ("same answers as the live one", "输出与现行版本一致"),
    "not_worse": ("not worse than the live one", "不劣于现行版本"),
    "better": ("better than the commonest answer", "优于简单基线"),
}


def stage_said(one: Version) -> str:
    """The stage; of a shadow, how often it agreed.

    >>> stage_said(Version(name="triage", version=2, stage="shadow", share=0.1, asked=40, agreed=38))
    'shadow, answers 10%, agrees 38/40'
    """
    said = tr(*_STAGES[one.stage])
    if one.share:
        said += tr(f", answers {one.share:.0%}", f"，承担 {one.share:.0%}")
    if one.asked:
        said += tr(f", agrees {one.agreed}/{one.asked}", f"，一致 {one.agreed}/{one.asked}")
    return said


def act_said(act: Act) -> str:
    """What was done with which version."""
    return tr(f"version {act.version} ", f"版本 {act.version} ") + tr(*_ACTS[act.act])


def gate_name(gate: Gate) -> str:
    """What a gate asks."""
    return tr(*_GATES[gate.name])


def gate_said(gate: Gate) -> str:
    """A gate and its figures.

    >>> gate_said(Gate("measured", False, "not run"))
    'closed: measured (not run)'
    """
    said = tr("open: ", "通过：") if gate.open else tr("closed: ", "未通过：")
    return said + gate_name(gate) + (f" ({gate.figures})" if gate.figures else "")
