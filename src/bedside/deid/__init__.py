"""RawChart -> Chart: finds identity in two languages, takes it out, shifts dates, keeps the way back in a vault.

>>> from bedside.deid import Policy, scrub_text
>>> scrub_text("Call 617-555-0123.", policy=Policy())[0]
'Call [PHONE].'
"""

from bedside.deid._find import find, find_many
from bedside.deid._policy import Policy
from bedside.deid._scrub import Note, scrub, scrub_text, scrub_texts
from bedside.deid.vault.vault import Vault, open_vault

__all__ = ["Note", "Policy", "Vault", "find", "find_many", "open_vault", "scrub", "scrub_text", "scrub_texts"]
