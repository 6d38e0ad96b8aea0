"""A file of one rule, as a ward might write it."""

from __future__ import annotations

from pathlib import Path

GOOD = """
[[rule]]
id = "ward.potassium"
kind = "lab"
title = { en = "High potassium", zh = "高钾" }
when = "labs.potassium > 6"
severity = "critical"
reason = { en = "Potassium {labs.potassium}.", zh = "血钾 {labs.potassium}。" }
source = "Ward 5, list of critical values"
year = 2024
yes = [{ lang = "en", chart = { labs = [{ name = "K", value = 6.4, unit = "mmol/L" }] }, proposal = "Rest." }]
no = [{ lang = "zh", chart = { labs = [{ name = "钾", value = 4.1, unit = "mmol/L" }] }, proposal = "休息。" }]
"""


def write(folder: Path, text: str, name: str = "ward.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
