"""What the readers of formats/ write into an entry's words of the entry as a whole: denied, doubted, over, a mistake.

FHIR's statuses are kept as words behind the thing itself: "Asthma (clinical status: resolved)"; what is denied begins
with "not: ".
"""

from __future__ import annotations

import re

NOT = re.compile(r"^(?:\w+: )?not: ")
DOUBTED = re.compile(r"verification status: (?:unconfirmed|provisional|differential)", re.IGNORECASE)
MISTAKE = re.compile(r"status: (?:entered[- ]in[- ]error|cancelled)", re.IGNORECASE)
OVER = re.compile(r"clinical status: (?:resolved|inactive|remission)", re.IGNORECASE)
REFERENCE = re.compile(r"reference:? ([^;)]+)", re.IGNORECASE)
"""The laboratory's own range behind a value."""
