"""The weights of the ranking, and how its confidence is calibrated: a handful of numbers, and where they are from.

Fitted as a conditional logit over candidate lists (L2; each disease at most 12 cases) on the leak-free cases of the
tuning half of Phenopacket Store's diseases (SHA-256 of the OMIM id, first 8 hex digits, modulo 10 under 5), then
rounded; the other half measures them. See docs/design/007-diagnosis.md.
"""

from __future__ import annotations

WEIGHTS = {
    "findings": 0.52,
    "findings_alone": 0.35,
    "breadth": 0.25,
    "breadth_alone": 0.25,
    "orphanet": 0.3,
    "linked": 1.15,
    "gene": 2.0,
    "onset": 0.42,
    "x_recessive_in_female": -2.5,
    "likeness": 4.0,
    "likeness_orphanet": 5.0,
}
BREADTH_IN_LINK = 0.7
LINK_COST = -1.0
"""An Orphanet entry speaks for the linked disease at this cost (natural log): its frequencies are for all patients."""
CALIBRATION = (-0.979, 0.815, 0.298)
"""Offset, weight of the log odds of the softmax, weight of the log number of findings (logistic regression)."""
ABSTAIN_BELOW = 0.1
"""Under this chance that the first of the list is right, the ranking is shown and no diagnosis is proposed."""


def is_tuning(disease: str) -> bool:
    """Is a disease in the half that weights and calibration were fitted on?

    >>> is_tuning("OMIM:619340"), is_tuning("OMIM:162200")
    (False, True)
    """
    from hashlib import sha256

    return int(sha256(disease.encode()).hexdigest()[:8], 16) % 10 < 5
