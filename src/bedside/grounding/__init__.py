"""Claims traced to a text: is each sentence of what was written supported, contradicted, or not in it at all.

>>> from bedside.grounding import ground
>>> [one.verdict for one in ground("Denies chest pain.", ["No chest pain was reported.", "She has chest pain."])]
['supported', 'contradicted']
"""

from bedside.grounding.ground import Ground, Grounded, ground, sentences_of
from bedside.grounding.removal import Removed, removed
from bedside.grounding.rewrite import Rewritten, rewritten

__all__ = ["Ground", "Grounded", "Removed", "Rewritten", "ground", "removed", "rewritten", "sentences_of"]
