"""What a text would do with each medicine: contrasting sentences in both languages."""

from __future__ import annotations

import pytest

from bedside.drugs import orders
from bedside.drugs._cues import read_actions

SENTENCES = [
    ("Start ibuprofen 400 mg three times daily.", "ibuprofen start"),
    ("Avoid ibuprofen; give acetaminophen 500 mg.", "ibuprofen avoid, acetaminophen start"),
    ("Ibuprofen 400 mg tid.", "ibuprofen start"),
    ("Ibuprofen should be avoided.", "ibuprofen avoid"),
    ("Ibuprofen is contraindicated because of the apixaban.", "ibuprofen avoid, apixaban mention"),
    ("Aspirin, ibuprofen and naproxen should be avoided.", "aspirin avoid, ibuprofen avoid, naproxen avoid"),
    ("Switch from warfarin to apixaban 5 mg bid.", "warfarin stop, apixaban start"),
    ("Switch warfarin to apixaban.", "warfarin stop, apixaban start"),
    ("Replace enalapril with losartan 50 mg daily.", "enalapril stop, losartan start"),
    ("Instead of ibuprofen, give paracetamol 1 g qid.", "ibuprofen avoid, acetaminophen start"),
    ("Give paracetamol rather than ibuprofen.", "acetaminophen start, ibuprofen avoid"),
    ("Use acetaminophen instead of naproxen for pain.", "acetaminophen start, naproxen avoid"),
    ("Previously took methotrexate.", "methotrexate past"),
    ("She took amoxicillin last year without problems.", "amoxicillin past"),
    ("Can I take ibuprofen with my warfarin?", "ibuprofen ask, warfarin ask"),
    ("Is it safe to give ceftriaxone?", "ceftriaxone ask"),
    ("Why is metformin contraindicated?", "metformin avoid"),
    ("Do not start her on sertraline.", "sertraline avoid"),
    ("Do not stop warfarin.", "warfarin continue"),
    ("Stop warfarin and start apixaban 5 mg twice daily.", "warfarin stop, apixaban start"),
    ("Hold metformin before contrast.", "metformin stop"),
    ("Metformin was stopped last week; start empagliflozin 10 mg daily.", "metformin past, empagliflozin start"),
    ("Given her penicillin allergy, use azithromycin 500 mg daily.", "benzylpenicillin mention, azithromycin start"),
    (
        "She is allergic to penicillin, so prescribe doxycycline 100 mg bid.",
        "benzylpenicillin mention, doxycycline start",
    ),
    ("Continue lisinopril and add spironolactone 25 mg daily.", "lisinopril continue, spironolactone start"),
    ("Increase lisinopril to 40 mg daily.", "lisinopril increase"),
    ("Reduce the dose of digoxin to 62.5 mcg daily.", "digoxin decrease"),
    ("Check a lithium level.", "lithium mention"),
    ("Because she takes apixaban, avoid NSAIDs.", "apixaban mention, nsaid avoid"),
    ("You could take an Advil for the headache.", "ibuprofen start"),
    ("I would recommend naproxen 500 mg twice a day.", "naproxen start"),
    ("The patient should not receive any beta-lactam.", "beta_lactam avoid"),
    ("Ibuprofen can raise blood pressure.", "ibuprofen mention"),
    ("Plan: amoxicillin 500 mg PO tid x 7 days, ibuprofen 400 mg prn.", "amoxicillin start, ibuprofen start"),
    ("No NSAIDs.", "nsaid avoid"),
    ("Discharge on clopidogrel 75 mg daily plus omeprazole 20 mg daily.", "clopidogrel start, omeprazole start"),
    ("Treat with ciprofloxacin 500 mg bid for 7 days.", "ciprofloxacin start"),
    ("Sildenafil 50 mg as needed would be fine.", "sildenafil start"),
    ("Her father takes warfarin.", "warfarin mention"),
    ("Prescribe amoxicillin despite the penicillin allergy.", "amoxicillin start, benzylpenicillin mention"),
    ("Substitute losartan for lisinopril.", "losartan start, lisinopril stop"),
    ("NSAIDs (ibuprofen, naproxen) should be avoided.", "nsaid avoid, ibuprofen avoid, naproxen avoid"),
    ("停华法林，换利伐沙班。", "warfarin stop, rivaroxaban start"),
    ("青霉素过敏者禁用阿莫西林。", "benzylpenicillin mention, amoxicillin avoid"),
    ("不需停用阿司匹林。", "aspirin continue"),
    ("应避免同时使用布洛芬。", "ibuprofen avoid"),
    ("加用布洛芬 0.4g 每日三次。", "ibuprofen start"),
    ("停用布洛芬，改用对乙酰氨基酚 0.5g 每日三次", "ibuprofen stop, acetaminophen start"),
    ("避免使用布洛芬，可用对乙酰氨基酚。", "ibuprofen avoid, acetaminophen start"),
    ("布洛芬禁用。", "ibuprofen avoid"),
    ("该患者不宜用左氧氟沙星。", "levofloxacin avoid"),
    ("将华法林换成利伐沙班 20mg 每日一次。", "warfarin stop, rivaroxaban start"),
    ("华法林改为利伐沙班。", "warfarin stop, rivaroxaban start"),
    ("患者对青霉素过敏，予阿奇霉素 0.5g qd。", "benzylpenicillin mention, azithromycin start"),
    ("青霉素过敏史，建议阿奇霉素。", "benzylpenicillin mention, azithromycin start"),
    ("能不能吃布洛芬？", "ibuprofen ask"),
    ("头孢曲松可以用吗？", "ceftriaxone ask"),
    ("既往服用甲氨蝶呤。", "methotrexate past"),
    ("阿莫西林 0.5g 口服 一日三次。", "amoxicillin start"),
    ("继续服用华法林，监测INR。", "warfarin continue"),
    ("服用华法林期间避免合用阿司匹林。", "warfarin mention, aspirin avoid"),
    ("即日起司来吉兰与氟西汀合用。", "selegiline start, fluoxetine start"),
    ("避免司来吉兰与氟西汀合用。", "selegiline avoid, fluoxetine avoid"),
    ("司来吉兰与氟西汀合用会引起血清素综合征。", "selegiline mention, fluoxetine mention"),
    ("司来吉兰和氟西汀可以合用吗？", "selegiline ask, fluoxetine ask"),
    ("二甲双胍应停用，改为利格列汀。", "metformin stop, linagliptin start"),
    ("不要擅自停用华法林。", "warfarin continue"),
    ("禁用阿司匹林、布洛芬等非甾体抗炎药。", "aspirin avoid, ibuprofen avoid, nsaid avoid"),
    ("可以吃点泰诺和感冒灵。", "tylenol_cold start, ganmaoling_granules start"),
    ("地高辛需减量。", "digoxin decrease"),
    ("头痛可口服布洛芬缓释胶囊0.3g bid止痛。", "ibuprofen start"),
    ("不建议使用头孢曲松，换用莫西沙星。", "ceftriaxone avoid, moxifloxacin start"),
    ("患者服用地高辛，给予克拉霉素0.5g bid。", "digoxin mention, clarithromycin start"),
    ("予阿莫西林克拉维酸钾1.2g静滴q8h。", "co_amoxiclav start"),
    ("复查地高辛血药浓度。", "digoxin mention"),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_each_medicine_gets_what_the_sentence_says(text: str, expected: str) -> None:
    assert ", ".join(f"{one.id} {one.action}" for one in orders(text)) == expected


@pytest.mark.parametrize("cue", read_actions(), ids=lambda cue: f"{cue['action']}-{cue['way']}")
def test_a_wording_holds_in_its_own_examples(cue: dict) -> None:
    for _, text, id in cue["yes"]:
        assert [(one.id, one.action) for one in orders(text)] == [(id, cue["action"])]


def test_a_dose_that_is_changed_keeps_to_its_medicine_and_a_medicine_that_is_changed_does_not() -> None:
    (changed,) = orders("甲氨蝶呤改为10mg每日一次。")
    assert changed.dose.mg_per_day == 10
    old, new = orders("停用华法林改为利伐沙班20mg每日一次。")
    assert (old.action, old.dose.mg_per_day) == ("stop", None)
    assert (new.action, new.dose.mg_per_day) == ("start", 20)
