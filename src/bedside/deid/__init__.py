"""RawChart -> Chart: finds identity in two languages, takes it out, shifts dates, keeps the way back in a vault.

>>> from bedside.deid import Policy, scrub_text
>>> scrub_text("Call 617-555-0123.", policy=Policy())[0]
'Call [PHONE].'
"""

from bedside.deid._find import find
from bedside.deid._policy import Policy
from bedside.deid._scrub import scrub, scrub_text
from bedside.deid._vault import Vault, open_vault

__all__ = ["Policy", "Vault", "find", "open_vault", "scrub", "scrub_text"]
