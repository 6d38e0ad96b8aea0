"""What a model may be called in requests, metrics, addresses and the audit log."""

from __future__ import annotations

import re

NAME = re.compile(r"\w[\w.-]{0,63}")
"""Never a hidden file's name, nor `..`: a registered model's name is also that of its folder."""
