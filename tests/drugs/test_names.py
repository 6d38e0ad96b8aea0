"""Names of medicines and classes in a text, and the files they stand in."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.drugs import concepts, drug, find, kinds, twice
from bedside.drugs.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("acetaminophen, paracetamol and Tylenol", "acetaminophen acetaminophen acetaminophen"),
        ("adrenaline or epinephrine", "epinephrine epinephrine"),
        ("albuterol = salbutamol = 沙丁胺醇", "salbutamol salbutamol salbutamol"),
        ("Metoprolol Succinate XL 50 mg", "metoprolol"),
        ("盐酸二甲双胍缓释片", "metformin"),
        ("阿莫西林克拉维酸钾片", "co_amoxiclav"),
        ("阿莫西林胶囊", "amoxicillin"),
        ("泰诺", "tylenol_cold"),
        ("泰诺林", "acetaminophen"),
        ("TMP-SMX", "co_trimoxazole"),
        ("co-trimoxazole and cotrimoxazole", "co_trimoxazole co_trimoxazole"),
        ("MTX 10 mg weekly", "methotrexate"),
        ("NSAIDs and an ACE inhibitor", "nsaid ace_inhibitor"),
        ("青霉素类抗生素", "penicillin"),
        ("头孢类药物", "cephalosporin"),
        ("sulfa drugs", "sulfonamide_antibiotic"),
        ("安定片 5mg", "diazepam"),
        ("St. John’s wort", "st_johns_wort"),
        ("ＡＳＰＩＲＩＮ", "aspirin"),
    ],
)
def test_names_of_two_languages_lead_to_one_medicine(text: str, ids: str) -> None:
    assert [one.id for one in find(text)] == ids.split()


@pytest.mark.parametrize(
    "text",
    [
        "This may lead to iron deficiency and lead poisoning.",
        "Insulin resistance and an estrogen receptor positive tumour.",
        "Vitamin D deficiency.",
        "患者情绪安定，可定期复查。",
        "胰岛素抵抗，雌激素受体阳性。",
        "The basal skull and the asa fold.",
        "methicillin-resistant Staphylococcus aureus",
        "朱砂痣",
    ],
)
def test_what_only_looks_like_a_medicine_is_none(text: str) -> None:
    assert find(text) == []


def test_a_product_is_also_each_of_its_substances() -> None:
    assert {"amoxicillin", "penicillin", "clavulanate"} <= concepts("Augmentin")
    assert {"acetaminophen", "chlorphenamine"} <= concepts("维C银翘片")


def test_cephalosporins_are_told_apart_by_their_side_chain() -> None:
    assert "ceph_amino_side_chain" in kinds("cefalexin")
    assert "ceph_amino_side_chain" not in kinds("cefazolin")


def test_a_sulfonamide_that_is_no_antibiotic_is_not_of_the_antibiotics() -> None:
    assert "sulfonamide_antibiotic" in kinds("sulfamethoxazole")
    assert "sulfonamide_antibiotic" not in kinds("furosemide")


def test_two_products_share_what_is_in_both() -> None:
    assert "acetaminophen" in twice(["tylenol_cold"], ["acetaminophen"])
    assert "acetaminophen" not in twice(["acetaminophen"], ["acetaminophen"])
    assert twice(["nsaid"], ["ibuprofen"]) == frozenset()


def test_every_medicine_is_found_by_its_own_names() -> None:
    told = vocabulary()
    lost = [one.id for one in told.drugs.values() for name in (one.en, one.zh) if name and drug(name) is None]
    assert lost == []


def test_the_vocabulary_is_as_large_as_the_docs_say() -> None:
    products = [one for one in vocabulary().drugs.values() if one.parts]
    assert len(vocabulary().drugs) - len(products) >= 1200
    assert len(products) >= 110


def test_codes_have_the_form_of_the_atc() -> None:
    wrong = [
        one.id
        for one in vocabulary().drugs.values()
        for code in one.atc
        if not re.fullmatch(r"[A-DG-HJLMNPRSV]\d\d[A-Z]{1,2}(?:\d\d)?", code)
    ]
    assert wrong == []


@given(st.text(max_size=60))
def test_places_are_in_order_and_never_overlap(text: str) -> None:
    found = find(text)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
