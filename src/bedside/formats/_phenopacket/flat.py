"""Rows of the flat rare-disease table (present, excluded, disease, gene, variants) as plain phenopackets."""

from __future__ import annotations

import re
from typing import Any

from bedside.formats._syntax.json import objects, strings, words

MARK = re.compile(r'"present"\s*:\s*\[\s*\{\s*"id"\s*:\s*"HP:')
"""What such a row looks like in a file's head."""


def packet_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row as a phenopacket; anything else as it is.

    >>> packet_of({"id": "a", "present": [{"id": "HP:1", "label": "Short"}]})["phenotypicFeatures"][0]["type"]["label"]
    'Short'
    """
    if "present" not in row:
        return row
    features = [_feature(term, False) for term in objects(row.get("present"))]
    features += [_feature(term, True) for term in objects(row.get("excluded"))]
    subject = {"id": row.get("id"), "sex": words(row.get("sex")).upper(), "timeAtLastEncounter": _time(row.get("age"))}
    if row.get("deceased"):
        subject["vitalStatus"] = {"status": "DECEASED"}
    disease = {"term": row.get("disease"), "onset": _time(row.get("onset"))}
    genomic = [_variant(one, strings(row.get("gene"))) for one in objects(row.get("variants"))]
    diagnosis = {"genomicInterpretations": genomic}
    return {
        "subject": subject,
        "phenotypicFeatures": features,
        "diseases": [disease] if objects(row.get("disease")) else [],
        "interpretations": [{"diagnosis": diagnosis}] if genomic else [],
    }


def _feature(term: dict[str, Any], excluded: bool) -> dict[str, Any]:
    return {"type": term, "excluded": excluded, "onset": _time(term.get("onset"))}


def _time(said: Any) -> dict[str, Any]:
    text = words(said)
    if re.match(r"P\d", text):
        return {"age": {"iso8601duration": text}}
    return {"ontologyClass": {"label": text}} if text else {}


def _variant(one: dict[str, Any], genes: list[str]) -> dict[str, Any]:
    forms = [{"value": one[name]} for name in ("c", "p", "g") if one.get(name)]
    described = {"geneContext": {"symbol": ", ".join(genes)}, "expressions": forms}
    described["allelicState"] = {"label": one.get("zygosity")}
    return {
        "variantInterpretation": {"acmgPathogenicityClassification": one.get("acmg"), "variationDescriptor": described}
    }
