"""Findings in a story: HPO terms by name or number, with the context (denied, past, family's, possible) of each.

>>> from bedside.phenotypes import contexts
>>> contexts("No fever, but a cough.", [(3, 8), (16, 21)], lang="en")
[Context(negated=True), Context()]
"""

from bedside.phenotypes.context import Context, contexts

__all__ = ["Context", "contexts"]
