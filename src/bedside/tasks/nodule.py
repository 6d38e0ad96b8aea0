"""Lung nodule: from one radiologist's description, do the other readers judge it malignant?

The label is the mean malignancy rating (1 to 5) of the *other* readers of the same nodule, above 3 against below 3,
exactly 3 left out, so no reader grades his own text. It is radiologists' impression, not pathology.

Source: Armato et al. 2011, "The Lung Image Database Consortium (LIDC) and Image Database Resource Initiative (IDRI)".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bedside.formats.lidc import CHARACTERISTIC, NODULE, RATINGS, READING
from bedside.tasks._base import Task
from bedside.types import Chart, Entry, Example

UNDECIDED = 3.0
FEATURES = (*(name for name in RATINGS if name != "malignancy"), "diameter_mm")


@dataclass
class _Reading:
    text: str = ""
    nodule: str = ""
    ratings: dict[str, float] = field(default_factory=dict)


def build(charts: Iterable[Chart]) -> Iterator[Example]:
    """One example a reading whose nodule had at least one other reader with an opinion."""
    for chart in charts:
        readings = _readings(chart.entries)
        by_nodule: dict[str, dict[str, float]] = defaultdict(dict)
        for name, reading in readings.items():
            by_nodule[reading.nodule][name] = reading.ratings["malignancy"]
        for name, reading in readings.items():
            others = [grade for other, grade in by_nodule[reading.nodule].items() if other != name]
            if not others or sum(others) / len(others) == UNDECIDED:
                continue
            malignant = sum(others) / len(others) > UNDECIDED
            yield Example(
                id=f"{chart.patient}-{name}",
                patient=chart.patient,
                inputs={"text": reading.text},
                target="malignant" if malignant else "benign",
                subgroup={"size": _size(reading.ratings["diameter_mm"]), "readers": str(len(others) + 1)},
                features={key: reading.ratings[key] for key in FEATURES},
            )


def _readings(entries: Iterable[Entry]) -> dict[str, _Reading]:
    found: dict[str, _Reading] = defaultdict(_Reading)
    for entry in entries:
        codes = {code.system: code.code for code in entry.codes}
        reading = found[codes[READING]]
        if entry.kind == "DiagnosticReport":
            reading.text, reading.nodule = entry.text, codes[NODULE]
        elif isinstance(entry.value, float):
            reading.ratings[codes[CHARACTERISTIC]] = entry.value
    return found


def _size(diameter_mm: float) -> str:
    """The size bands of the Fleischner guideline (MacMahon et al. 2017): under 6 mm, 6 to 8 mm, over 8 mm."""
    if diameter_mm < 6:
        return "<6 mm"
    return "6-8 mm" if diameter_mm <= 8 else ">8 mm"


TASK = Task(
    name="nodule",
    question=(
        "From one radiologist's description of a lung nodule, do the other readers judge it malignant?",
        "仅凭一位放射科医生对肺结节的描述，其他阅片者是否判断其为恶性？",
    ),
    intended_use=(
        "To show and test the whole road on real readings; to sort descriptions for a second look.",
        "用于在真实阅片数据上演示和检验全流程；提示哪些描述值得复核。",
    ),
    not_for=(
        "Diagnosing cancer: the label is radiologists' impression, not pathology.",
        "诊断癌症：标签是放射科医生的印象，而非病理结果。",
    ),
    head="classify",
    labels=("benign", "malignant"),
    features=FEATURES,
    metrics=("auroc", "auprc", "brier", "ece", "accuracy"),
    build=build,
)
