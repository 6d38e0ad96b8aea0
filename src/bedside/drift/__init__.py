"""Whether what a model meets today is still what it was made on: inputs, answers, outcomes, and when they turned.

>>> from bedside.drift import shifts_of, two_groups
>>> groups = two_groups(range(20), range(20))
>>> shifts_of({"ward": ["icu"] * 20 + ["er"] * 20}, groups, seed=0)["ward"].index > 1
True
"""

from bedside.drift.adwin import Adwin
from bedside.drift.groups import Groups, two_groups
from bedside.drift.mmd import Distance, distance_of
from bedside.drift.psi import Shift, shifts_of

__all__ = ["Adwin", "Distance", "Groups", "Shift", "distance_of", "shifts_of", "two_groups"]
