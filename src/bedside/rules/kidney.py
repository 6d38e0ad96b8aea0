"""Kidney function from creatinine: eGFR by CKD-EPI 2021, creatinine clearance by Cockcroft and Gault.

eGFR, adults: Inker LA et al. N Engl J Med 2021;385:1737-49. Clearance: Cockcroft DW, Gault MH. Nephron 1976;16:31-41.
"""

from __future__ import annotations

UMOL_PER_MG_DL = 88.4


def egfr(creatinine_umol_l: float, age_years: float, *, female: bool) -> float:
    """mL/min/1.73 m2 of an adult, by CKD-EPI 2021.

    >>> round(egfr(88.4, 50, female=False)), round(egfr(88.4, 50, female=True))
    (92, 69)
    """
    kappa, alpha = (0.7, -0.241) if female else (0.9, -0.302)
    ratio = creatinine_umol_l / UMOL_PER_MG_DL / kappa
    value = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.2 * 0.9938**age_years
    return float(value * (1.012 if female else 1.0))


def clearance(creatinine_umol_l: float, age_years: float, weight_kg: float, *, female: bool) -> float:
    """mL/min by Cockcroft and Gault.

    >>> round(clearance(88.4, 40, 72, female=False))
    100
    """
    value = (140 - age_years) * weight_kg / (72 * creatinine_umol_l / UMOL_PER_MG_DL)
    return value * (0.85 if female else 1.0)
