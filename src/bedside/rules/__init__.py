"""Rules of clinicians about what may be proposed to whom: read from files, filed by their needs, asked of a proposal.

`context` lists all that a condition may ask about; docs/rules.md shows how a rule is written.
"""

from bedside.rules.cases import Tried, try_cases
from bedside.rules.engine import RuleSet
from bedside.rules.read import read_rules, shipped, together
from bedside.rules.rule import KINDS, Case, Rule

__all__ = ["KINDS", "Case", "Rule", "RuleSet", "Tried", "read_rules", "shipped", "together", "try_cases"]
