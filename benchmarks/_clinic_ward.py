"""Made-up patients and what users of a ward ask of the clinical server: requests in the order of a consultation."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

CARDS = ("patient-view", "order-select", "order-sign")
NAMES = {
    "en": (["Ada", "Ben", "Cara", "Dev", "Elsa", "Finn", "Gita", "Hugo"], ["Alder", "Birch", "Cole", "Dunn", "Ellis"]),
    "zh": (["伟", "芳", "秀英", "强", "敏", "静", "丽", "军"], ["王", "李", "张", "刘", "陈"]),
}
ILLS = {
    "en": """Atrial fibrillation; Type 2 diabetes mellitus; Essential hypertension; Chronic kidney disease stage 3;
        Gout; Heart failure; Gastric ulcer; Asthma; Hypothyroidism; Epilepsy; COPD; Depression; Osteoporosis""",
    "zh": "心房颤动; 2型糖尿病; 高血压病; 慢性肾脏病3期; 支气管哮喘; 心力衰竭; 胃溃疡; 痛风; 癫痫; 抑郁症",
}
MEDICINES = {
    "en": """Apixaban 5 mg; Metformin 500 mg; Lisinopril 10 mg; Amlodipine 5 mg; Furosemide 40 mg; Atorvastatin 20 mg;
        Levothyroxine 50 mcg; Warfarin 3 mg; Digoxin 125 mcg; Sertraline 50 mg; Allopurinol 100 mg; Omeprazole 20 mg;
        Spironolactone 25 mg; Prednisolone 5 mg; Methotrexate 10 mg; Salbutamol 100 mcg; Ibuprofen 400 mg;
        Tramadol 50 mg; Clarithromycin 500 mg; Amoxicillin 500 mg; Ciprofloxacin 500 mg; Naproxen 250 mg""",
    "zh": """阿哌沙班 5 mg; 二甲双胍 500 mg; 赖诺普利 10 mg; 氨氯地平 5 mg; 呋塞米 40 mg; 阿托伐他汀 20 mg;
        左甲状腺素 50 μg; 华法林 3 mg; 地高辛 0.125 mg; 舍曲林 50 mg; 别嘌醇 100 mg; 奥美拉唑 20 mg; 螺内酯 25 mg;
        布洛芬 400 mg; 曲马多 50 mg; 克拉霉素 500 mg; 阿莫西林 500 mg; 环丙沙星 500 mg; 萘普生 250 mg""",
}
LABS = (("Creatinine", "umol/L", 50, 320), ("Potassium", "mmol/L", 3.0, 6.3), ("Sodium", "mmol/L", 125, 150))
LABS += (("Hemoglobin", "g/L", 70, 170), ("Hemoglobin A1c", "%", 4.8, 12.0), ("INR", "1", 0.9, 4.5))
RHYTHM = {"en": ["once daily", "twice daily", "three times daily"], "zh": ["每日1次", "每日2次", "每日3次"]}
OWN = {
    "en": (
        "She feels {how} since {n} hours. Start {drug} and see her again in {n} days.",
        "Give {drug} tonight; the pain is {how} and worse when he breathes in.",
        "Stop the anticoagulant {n} days before the procedure, then {drug}.",
    ),
    "zh": (
        "患者{how}已{n}小时，予{drug}，{n}天后复诊。",
        "今晚予{drug}；疼痛{how}，吸气时加重。",
        "术前{n}天停抗凝药，随后予{drug}。",
    ),
}
HOW = {"en": ["dizzy", "weak", "burning", "sharp", "short of breath"], "zh": ["头晕", "乏力", "烧灼样", "刺痛", "气促"]}


@dataclass(frozen=True)
class Patient:
    """One made-up patient: the hospital's number and the FHIR resources by the keys of a prefetch."""

    number: str
    name: str
    lang: str
    prefetch: dict[str, Any]

    def bundle(self) -> dict[str, Any]:
        """All of it, as an import takes it."""
        held = [one["resource"] for key in ("conditions", "medications", "labs") for one in self.prefetch[key]["entry"]]
        return _bundle([self.prefetch["patient"], *held])


@dataclass(frozen=True)
class Ask:
    """One request: its kind for the table, what is sent, how long a user thinks before it (in shares of `--think`)."""

    kind: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    thought: float = 1.0


def made_up(number: int, seed: int = 0) -> list[Patient]:
    """So many patients, every third with a Chinese chart."""
    draw = random.Random(seed)
    return [_patient(draw, f"LOAD-{at:05d}", "zh" if at % 3 == 2 else "en") for at in range(number)]


def consultation(draw: random.Random, one: Patient, id: str, questions: Sequence[str]) -> Iterator[Ask]:
    """What one user does with one patient: found, opened, ordered for; sometimes weighed in own words, and asked about.

    A record system calls patient-view as the chart opens and order-select at each choice: cards are the most frequent.
    """
    yield Ask("search", "GET", f"/v1/patients?query={one.number}")
    yield Ask("page", "GET", f"/patients/{id}")
    yield Ask("issues of a chart", "GET", f"/patients/{id}/issues", thought=0)
    yield _card(draw, one, "patient-view", thought=0)
    for _ in range(draw.randint(1, 3)):
        yield _card(draw, one, "order-select")
    yield _card(draw, one, "order-sign")
    if draw.random() < 0.4:
        yield Ask("guard, own words", "POST", f"/patients/{id}/check", {"proposal": _own_words(draw, one.lang)})
    if draw.random() < 0.3:
        yield Ask("chart", "GET", f"/v1/patients/{id}")
    if draw.random() < 0.3:
        yield Ask("import", "POST", "/v1/patients", _bundle([one.prefetch["patient"], _lab(draw, one.number, 99)]))
    if draw.random() < 0.15:
        yield Ask("ask", "POST", "/ask", {"question": draw.choice(questions)})
    if draw.random() < 0.15:
        told = [{"role": "user", "content": draw.choice(questions)}]
        yield Ask("chat", "POST", "/v1/chat/completions", {"model": "bedside-library", "messages": told})
    if draw.random() < 0.3:
        yield model_call(draw)


def model_call(draw: random.Random) -> Ask:
    """The encoder's vector of one sentence: the model call that the plain server makes too."""
    text = f"{_own_words(draw, draw.choice(['en', 'zh']))} {_own_words(draw, 'en')}"
    return Ask("model call", "POST", "/v1/embeddings", {"model": "e5", "input": text})


def as_bytes(ask: Ask, key: str) -> bytes:
    """A request as it goes over the line."""
    body = b"" if ask.body is None else json.dumps(ask.body, ensure_ascii=False).encode()
    head = f"{ask.method} {ask.path} HTTP/1.1\r\nHost: x\r\nX-API-Key: {key}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Content-Type: application/json\r\n\r\n" + body


def _card(draw: random.Random, one: Patient, hook: str, thought: float = 1.0) -> Ask:
    context: dict[str, Any] = {"userId": "Practitioner/1", "patientId": one.number}
    if hook != "patient-view":
        drafts = [_order(draw, one, at) for at in range(draw.randint(1, 2))]
        context["draftOrders"] = _bundle(drafts)
        if hook == "order-select":
            context["selections"] = [f"MedicationRequest/{drafts[-1]['id']}"]
    sent = {"hook": hook, "hookInstance": str(draw.random()), "context": context, "prefetch": one.prefetch}
    return Ask(f"card, {hook}", "POST", f"/cds-services/bedside-{hook}", sent, thought)


def _patient(draw: random.Random, number: str, lang: str) -> Patient:
    first, last = (draw.choice(part) for part in NAMES[lang])
    who = {"resourceType": "Patient", "id": number, "gender": draw.choice(["female", "male"])}
    who |= {"birthDate": f"{draw.randint(1935, 2015)}-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}"}
    who["name"] = [{"family": last, "given": [first]}]
    conditions = [_of(number, "Condition", at, code=_text(text)) for at, text in enumerate(_some(draw, ILLS[lang], 5))]
    taken = [_taken(number, at, text) for at, text in enumerate(_some(draw, MEDICINES[lang], 6))]
    labs = [_lab(draw, number, at) for at in range(draw.randint(10, 40))]
    prefetch = {"patient": who, "conditions": _bundle(conditions), "medications": _bundle(taken)}
    prefetch |= {"labs": _bundle(labs), "allergies": _bundle([]), "body": _bundle([])}
    return Patient(number, f"{first} {last}", lang, prefetch)


def _order(draw: random.Random, one: Patient, at: int) -> dict[str, Any]:
    order = _taken(one.number, 50 + at, draw.choice(_words(MEDICINES[one.lang])))
    return {**order, "status": "draft", "dosageInstruction": [{"text": draw.choice(RHYTHM[one.lang])}]}


def _taken(number: str, at: int, text: str) -> dict[str, Any]:
    return _of(number, "MedicationRequest", at, status="active", intent="order", medicationCodeableConcept=_text(text))


def _lab(draw: random.Random, number: str, at: int) -> dict[str, Any]:
    name, unit, low, high = draw.choice(LABS)
    value = {"value": round(draw.uniform(low, high), 1), "unit": unit}
    time = f"2026-{draw.randint(1, 9):02d}-{draw.randint(1, 28):02d}T08:00:00Z"
    about = {"code": _text(name), "valueQuantity": value, "effectiveDateTime": time}
    return _of(number, "Observation", at, status="final", **about)


def _of(number: str, kind: str, at: int, **parts: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": f"{kind[:3]}{at}", "subject": {"reference": f"Patient/{number}"}, **parts}


def _text(text: str) -> dict[str, str]:
    return {"text": text}


def _bundle(resources: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def _own_words(draw: random.Random, lang: str) -> str:
    drug = draw.choice(_words(MEDICINES[lang]))
    return draw.choice(OWN[lang]).format(how=draw.choice(HOW[lang]), n=draw.randint(2, 90), drug=drug)


def _some(draw: random.Random, held: str, most: int) -> list[str]:
    return draw.sample(_words(held), draw.randint(1, most))


def _words(held: str) -> list[str]:
    return [one.strip() for one in held.split(";")]
