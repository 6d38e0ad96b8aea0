"""What a consultation says beside its sentences, in the language in force: why there is no answer, and its limits."""

from __future__ import annotations

from bedside.consult._base import Consultation
from bedside.lang import tr


def reason_said(told: Consultation) -> str:
    """Why there is no answer; "" where there is one."""
    return _reason(told) + (_warned_besides(told) if told.abstained else "")


def _warned_besides(told: Consultation) -> str:
    """That warnings with a source stand beside the silence, where they do."""
    if not any(one.citation for one in told.warnings):
        return ""
    return tr(
        " What has to be minded is told as a warning, with its source.",
        "需要注意之处已列为警示，并注明来源。",
    )


def _reason(told: Consultation) -> str:
    return {
        "": "",
        "empty": tr("No question was found here.", "没有读到问题。"),
        "out_of_scope": tr(
            "This is outside what the library covers, or it is not a question about health: no answer is given.",
            "该问题超出知识库的范围，或不是健康问题：不作回答。",
        ),
        "not_in_library": tr(
            "The library holds nothing about what this question names: no answer is given.",
            "知识库中没有关于所问内容的资料：不作回答。",
        ),
        "not_this_aspect": tr(
            "The library speaks of this, but not of what is asked about it: no answer is given.",
            "知识库提到了该内容，但没有所问的方面：不作回答。",
        ),
        "weak": tr(
            "What the library holds is too far from this question to answer it from: no answer is given.",
            "知识库中的资料与该问题相距较远，不足以据此回答：不作回答。",
        ),
        "nothing_quotable": tr(
            "The passages found hold no sentence that can be quoted by itself: no answer is given.",
            "找到的段落中没有可独立引用的句子：不作回答。",
        ),
        "guarded": tr("An answer was found and held back: ", "已找到回答，但予以拦截：") + _why_held_back(told),
    }[told.reason]


def _why_held_back(told: Consultation) -> str:
    return "; ".join(dict.fromkeys(one.reason for one in told.findings if one.asks in ("block", "out_of_scope")))


def notes(told: Consultation) -> list[str]:
    """What must be known to read the answer rightly."""
    said = []
    if told.foreign:
        said.append(
            tr(
                "The evidence in the library is in Chinese. It is quoted as it stands, not translated.",
                "知识库中的证据为英文，以下按原文引用，未经翻译；如需解读请咨询医务人员。",
            )
        )
    if told.answer:
        said.append(
            tr(
                "Every sentence is quoted from the passage it cites; nothing is added.",
                "每句话均引自所标注的段落，未作任何增改。",
            )
        )
    if told.abstained and told.passages:
        said.append(
            tr(
                "The nearest passages are shown; they may be about something else.",
                "以下为最接近的段落，可能与所问无关。",
            )
        )
    said += dict.fromkeys(one.reason for one in told.findings if one.asks == "warn")
    return said
