"""What the chart says of somebody or something else, at another time or in another unit: in contrasting pairs."""

from __future__ import annotations

import pytest

from bedside.grounding import Ground, rewritten
from bedside.grounding._check_contexts import contexts
from bedside.grounding._check_figures import numbers
from bedside.grounding.rewrite import corrected
from bedside.lang import speaking


@pytest.mark.parametrize(
    ("chart", "holds", "does_not"),
    [
        ("Asthma. Brother had chickenpox last month.", "She has asthma.", "She had chickenpox last month."),
        ("Knee pain. Wife has dementia.", "He has knee pain.", "He suffers from dementia."),
        ("咳嗽三天。其兄患哮喘。", "患者咳嗽三天。", "患者患哮喘。"),
        (
            "Carbimazole 10 mg daily. Propranolol 40 mg TID stopped in March.",
            "She takes carbimazole 10 mg a day.",
            "She still takes propranolol 40 mg three times a day.",
        ),
        (
            "Propranolol 40 mg TID continued.",
            "Propranolol 40 mg three times a day was continued.",
            "Propranolol was stopped.",
        ),
        (
            "NIHSS 9 on admission, 4 today.",
            "NIHSS was 9 on admission and is 4 today.",
            "NIHSS was 4 on admission and is 9 today.",
        ),
        ("血红蛋白入院时92g/L，目前118g/L。", "血红蛋白目前118g/L。", "血红蛋白目前92g/L。"),
        ("PaCO2 52 mmHg.", "PaCO2 was 52 mmHg.", "PaCO2 was 52 kPa."),
        ("Free T4 14 pmol/L.", "Free T4 was 14 pmol/L.", "Free T4 was 14 ng/dL."),
        ("胎膜未破，宫口开3cm。", "胎膜未破。", "胎膜已破。"),
        ("Croup. Dexamethasone given.", "She has croup.", "The croup was caused by influenza."),
        ("肺炎，发热。", "患者有肺炎。", "肺炎由支原体引起。"),
        ("Discharged home 14/03/2025.", "Discharged home on 14 March 2025.", "Discharged home on 15 March 2025."),
        ("2025年3月5日胃镜：溃疡。", "2025-03-05胃镜示溃疡。", "2025-03-15胃镜示溃疡。"),
        ("No chest pain now.", "His chest pain has gone.", "He has chest pain."),
        ("Currently no AH, no delusions.", "He no longer hears voices.", "He hears voices."),
        ("No ketoconazole.", "Ketoconazole must be avoided.", "He takes ketoconazole."),
        ("No evidence of malignancy.", "Malignancy was ruled out.", "Malignancy was found."),
        ("头颅CT未见出血。", "出血已排除。", "头颅CT示出血。"),
        ("Urine cytology awaited.", "The urine cytology is awaited.", "The urine cytology showed malignant cells."),
        ("吸烟30年，已戒2年。", "患者已不再吸烟。", "患者仍在吸烟。"),
        ("Tmax 39.6℃，咳嗽。", "最高体温三十九度六。", "最高体温三十八度六。"),
        ("2hPG 15.6mmol/L。", "餐后两小时血糖为15.6mmol/L。", "餐后两小时血糖为5.6mmol/L。"),
        (
            "Right hip fracture.",
            "The right hip fracture was left to heal.",
            "The left hip fracture was left to heal.",
        ),
        ("右肾囊肿3cm。", "右肾有个三厘米左右的囊肿。", "左肾有个三厘米左右的囊肿。"),
        ("F 29. Nitrofurantoin MR 100 mg BID.", "She takes nitrofurantoin.", "He takes nitrofurantoin."),
        ("AOM: amox BID.", "Amoxicillin was given.", "Azithromycin was given."),
        ("Metformin in the evening.", "Metformin is an evening dose.", "Romosozumab is an evening dose."),
        ("Enoxaparin 40 mg SC OD.", "She has enoxaparin 40 mg under the skin.", "She has enoxaparin 40 mg by mouth."),
        ("目前暂无透析指征；", "现在还用不着透析。", "现在正在透析。"),
        ("家属意见不手术。", "家属认为不用开刀。", "家属认为要开刀。"),
        ("左侧额纹消失，耳后痛已止。", "耳后不疼了。", "耳后还在疼。"),
        ("PSA升高，癌待排。", "癌还没有排除。", "癌已经确诊。"),
        ("CT: possible appendicitis.", "Appendicitis is suspected.", "Appendicitis was confirmed."),
        ("CT示阑尾炎可能。", "阑尾炎还不能肯定。", "阑尾炎已确诊。"),
        (
            "If vomiting, drowsy, worst-ever -> ED.",
            "She must go to ED should she start vomiting.",
            "She was vomiting and went to ED.",
        ),
        ("Dialysis declined.", "She is without dialysis.", "She is on dialysis."),
        ("Declined dialysis.", "She turned down dialysis.", "She is on dialysis."),
        ("患者拒绝输血。", "患者不愿输血。", "患者已输血。"),
        ("腹痛拒按。", "患者有腹痛。", "患者无腹痛。"),
        ("Amlodipine started (aspirin if chest pain recurs).", "Amlodipine was started.", "Aspirin was started."),
        ("氨氯地平已加用（必要时加阿司匹林），美托洛尔已停。", "氨氯地平已加用。", "阿司匹林已加用。"),
    ],
)
def test_one_sentence_follows_from_the_chart_and_one_does_not(chart: str, holds: str, does_not: str) -> None:
    read = Ground(chart)
    assert read.ground(holds).supported
    assert not read.ground(does_not).supported


def test_a_denied_word_that_names_nothing_does_not_contradict() -> None:
    named, plain = (
        Ground("No varices. No flying for a week.").pair(said) for said in ("He has varices.", "He may fly.")
    )
    assert {note.feature for note in contexts(named)} == {"polarity"}
    assert {note.feature for note in contexts(plain)} == {"word_denied"}


@pytest.mark.parametrize(
    ("said", "feature"),
    [
        ("The potassium was 118.", "figure_swapped"),  # the chart has another potassium
        ("The ferritin was 118.", "figure_apart"),  # the chart has no ferritin: perhaps its other name
    ],
)
def test_a_number_of_the_chart_given_of_another_thing(said: str, feature: str) -> None:
    pair = Ground("Potassium 4.1, sodium 118.").pair(said)
    assert feature in {note.feature for note in numbers(pair)}


@pytest.mark.parametrize(
    ("chart", "said", "right"),
    [
        ("Metformin 1000 mg BID.", "She takes metformin 500 mg BID.", "She takes metformin 1000 mg BID."),
        ("Left knee swollen.", "Right knee is swollen.", "Left knee is swollen."),
        ("左膝肿胀。", "右膝肿胀。", "左膝肿胀。"),
        ("血钾3.1mmol/L。", "血钾5.1mmol/L。", "血钾3.1mmol/L。"),
    ],
)
def test_a_wrong_value_dose_or_side_is_put_right_from_the_chart(chart: str, said: str, right: str) -> None:
    done = rewritten(said, chart)
    assert (done.text, done.changed, done.left_out) == (right, ((said, right),), ())


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        ("Denies chest pain.", "She has chest pain."),  # there is no value to put in its place
        ("K 3.1 mmol/L, later K 4.4 mmol/L.", "K was 5.9 mmol/L."),  # which of the two?
        ("Metformin 1000 mg BID. Denies fever.", "She has a fever and takes metformin 500 mg BID."),  # still wrong
    ],
)
def test_what_cannot_be_put_right_is_left_out(chart: str, said: str) -> None:
    assert corrected(said, Ground(chart)) is None
    assert rewritten(said, chart).left_out == (said,)


def test_a_text_tells_what_was_changed_and_what_was_left_out_in_the_readers_language() -> None:
    said = "She takes metformin 500 mg BID. She takes warfarin."
    assert rewritten(said, "Metformin 1000 mg BID.").notice.startswith(
        "Changed 1 sentence to what the record says. Left"
    )
    with speaking("zh"):
        assert rewritten(said, "Metformin 1000 mg BID.").notice.startswith("已按病历更正 1 句。")
    assert rewritten("No fever.", "Denies fever.").notice == ""
