"""What stages and acts of models are called, for people."""

from __future__ import annotations

from bedside.clinic.models.versions import Act, Version
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
