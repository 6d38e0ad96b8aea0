"""Sentences of what was written beside a chart, in pairs that differ in one thing."""

from __future__ import annotations

import pytest

from bedside.grounding import ground

KNEE = "34 y/o female c/o right knee pain x 3 weeks. No swelling. Meds: albuterol prn, ibuprofen 400 mg TID. NKDA."
HEART = (
    "58M with HTN. Substernal chest pain radiating to the left arm for 2 hours. Denies SOB. Father had an MI at 52. "
    "Meds: metformin 1000 mg BID, lisinopril 20 mg daily. BP 150/95, HR 112. K 5.1 mmol/L. Possible pneumonia on CXR. "
    "HbA1c 7.1% (was 8.4% in May). Consider MRI if pain persists."
)
XIN = (
    "患者男，62岁，胸痛3天，向左肩放射，无恶心呕吐。既往高血压10年，口服氨氯地平5mg qd，二甲双胍0.5g tid。"
    "父亲死于心肌梗死。双下肢无水肿。血压156/92mmHg。必要时行冠脉CT检查。"
)

PAIRS = [
    (
        "en",
        KNEE,
        "She has had pain in her right knee for three weeks.",
        "She has had pain in her left knee for three weeks.",
    ),
    ("en", KNEE, "There is no swelling of the knee.", "The knee is swollen."),
    ("en", KNEE, "Ibuprofen 400 mg is taken three times a day.", "Ibuprofen 400 mg is taken twice a day."),
    ("en", KNEE, "A 34-year-old woman has knee pain.", "A 43-year-old woman has knee pain."),
    ("en", HEART, "He is hypertensive at 150/95 mmHg.", "His blood pressure was 130/85 mmHg."),
    ("en", HEART, "He takes metformin 1 g twice a day.", "He takes metformin 500 mg twice a day."),
    ("en", HEART, "His father had a heart attack at the age of 52.", "He had a heart attack at the age of 52."),
    ("en", HEART, "He is not short of breath.", "He is short of breath."),
    ("en", HEART, "The potassium was 5.1 mmol/L.", "The potassium was 5.1 mg/dL."),
    ("en", HEART, "Pneumonia is possible on the chest x-ray.", "The chest x-ray confirmed pneumonia."),
    ("en", HEART, "He takes an ACE inhibitor, lisinopril 20 mg a day.", "He takes enalapril 20 mg a day."),
    ("en", HEART, "His HbA1c has fallen from 8.4% to 7.1%.", "His HbA1c has risen to 7.1%."),
    ("zh", XIN, "62岁男性，胸部疼痛三天，放射至左肩。", "62岁男性，胸部疼痛三天，放射至右肩。"),
    ("zh", XIN, "患者有十年高血压病史。", "患者有二十年高血压病史。"),
    ("zh", XIN, "二甲双胍每次500毫克，每日三次。", "二甲双胍每次500毫克，每日两次。"),
    ("zh", XIN, "服用氨氯地平，每天5毫克。", "服用硝苯地平，每天5毫克。"),
    ("zh", XIN, "其父因心梗去世。", "患者有心肌梗死病史。"),
    ("zh", XIN, "没有恶心和呕吐。", "患者伴恶心、呕吐。"),
    ("zh", XIN, "双下肢不肿。", "双下肢水肿。"),
]


@pytest.mark.parametrize(("lang", "chart", "supported", "changed"), PAIRS)
def test_a_paraphrase_is_kept_and_one_change_is_found(lang: str, chart: str, supported: str, changed: str) -> None:
    kept, found = ground(chart, [supported, changed], lang)  # type: ignore[arg-type]
    assert kept.supported, kept.because
    assert not found.supported


VALUES = "58M. Allergies: sulfa (rash). WBC 6.2 x10^9/L. Sodium 128 mmol/L. Smokes half a pack per day. BP 120/95."
HUAYAN = (
    "患者，女，40岁。白细胞6.2×10^9/L，血红蛋白90g/L。对磺胺过敏。吸烟每日1包。结节较前无明显变化。双侧胸腔无积液。"
)
IMAGES = "Fracture of the distal radius. Mild mitral regurgitation. Type 2 diabetes. SpO2 94% on room air."
TUXIANG = "前降支狭窄70%。ST段压低0.1mV。甲型流感病毒抗原阳性。右侧股静脉血栓形成。建议12个月后复查。"
EXCLUDED = [
    ("en", VALUES, "Sodium was low.", "Sodium was normal."),
    ("en", VALUES, "The white cell count was normal.", "The white cell count was raised."),
    ("en", VALUES, "Blood pressure was 120/95 mmHg.", "Blood pressure was 150/95 mmHg."),
    ("en", VALUES, "He is allergic to sulfa drugs.", "He is allergic to penicillin."),
    ("en", VALUES, "He smokes 10 cigarettes a day.", "He smokes 20 cigarettes a day."),
    ("en", IMAGES, "The distal radius was fractured.", "The distal ulna was fractured."),
    ("en", IMAGES, "Mild mitral regurgitation.", "Mild tricuspid regurgitation."),
    ("en", IMAGES, "He has type 2 diabetes.", "He has type 1 diabetes."),
    (
        "en",
        IMAGES,
        "Oxygen saturation was 94% without supplemental oxygen.",
        "Oxygen saturation was 94% on oxygen at 2 L.",
    ),
    ("zh", HUAYAN, "白细胞计数正常。", "白细胞计数升高。"),
    ("zh", HUAYAN, "血红蛋白降低。", "血红蛋白正常。"),
    ("zh", HUAYAN, "对磺胺过敏。", "对青霉素过敏。"),
    ("zh", HUAYAN, "每日吸烟20支。", "每日吸烟40支。"),
    ("zh", HUAYAN, "结节与前相仿。", "结节较前增大。"),
    ("zh", HUAYAN, "未见胸腔积液。", "左侧胸腔积液。"),
    ("zh", TUXIANG, "前降支狭窄70%。", "回旋支狭窄70%。"),
    ("zh", TUXIANG, "ST段下移。", "ST段抬高。"),
    ("zh", TUXIANG, "甲流抗原阳性。", "乙流抗原阳性。"),
    ("zh", TUXIANG, "右股静脉血栓。", "右腘静脉血栓。"),
    ("zh", TUXIANG, "建议一年后复查。", "建议行穿刺活检。"),
]


@pytest.mark.parametrize(("lang", "chart", "supported", "changed"), EXCLUDED)
def test_levels_and_others_of_a_family_are_told_apart(lang: str, chart: str, supported: str, changed: str) -> None:
    kept, found = ground(chart, [supported, changed], lang)  # type: ignore[arg-type]
    assert kept.supported, kept.because
    assert not found.supported


def test_a_value_that_changed_is_not_held_to_what_is_normal() -> None:
    [found] = ground("WBC fell from 9.8 to 6.2 x10^9/L.", ["The white cell count has decreased."])
    assert "mark_conflict:decreased" not in found.because


def test_of_a_family_the_one_that_the_chart_names_elsewhere_is_no_conflict() -> None:
    chart = "Fracture of the distal radius. The ulna is intact."
    assert not any("mark_conflict:ulna" in one.because for one in ground(chart, ["The ulna is not fractured."]))


@pytest.mark.parametrize(
    ("chart", "sentence", "verdict"),
    [
        (KNEE, "The left knee hurts.", "contradicted"),
        (KNEE, "An MRI showed a torn meniscus.", "unsupported"),
        (XIN, "血压136/92mmHg。", "contradicted"),
        (XIN, "肺部CT示磨玻璃结节。", "unsupported"),
    ],
)
def test_what_the_chart_denies_is_told_from_what_it_does_not_say(chart: str, sentence: str, verdict: str) -> None:
    assert ground(chart, [sentence])[0].verdict == verdict


def test_the_evidence_is_the_sentence_of_the_chart() -> None:
    [found] = ground(HEART, ["He denies shortness of breath."])
    assert found.evidence is not None
    assert HEART[found.evidence.start : found.evidence.end] == "Denies SOB."


def test_two_sentences_of_the_chart_may_be_joined() -> None:
    [found] = ground("Fever for 2 days. Cough with white sputum.", ["She has had a fever for two days and a cough."])
    assert found.supported


@pytest.mark.parametrize("said", ["The patient was seen today.", "Thank you for coming.", "您好，感谢就诊。", ""])
def test_a_sentence_that_claims_nothing_is_kept_without_evidence(said: str) -> None:
    [found] = ground(HEART, [said])
    assert (found.supported, found.evidence) == (True, None)


def test_nothing_of_a_chart_is_in_the_repr_of_a_verdict() -> None:
    [found] = ground(HEART, ["He takes warfarin."])
    assert "warfarin" not in repr(found)


def test_an_empty_chart_supports_no_claim() -> None:
    assert not ground("", ["She takes warfarin 5 mg."])[0].supported
