"""Recipes: validated settings, one file a kind; unknown keys are refused and all faults told at once."""

from bedside.config._base import Learning, explain
from bedside.config.abstain import Abstain
from bedside.config.choices import UNTRAINED, Adapt
from bedside.config.conflicts import contradictions
from bedside.config.fit import FitRecipe, keeps_apart
from bedside.config.pretrain import PretrainRecipe
from bedside.config.run import DataRecipe, Recipe
from bedside.config.tune import Axis, SearchRecipe, Space

__all__ = [
    "UNTRAINED",
    "Abstain",
    "Adapt",
    "Axis",
    "DataRecipe",
    "FitRecipe",
    "Learning",
    "PretrainRecipe",
    "Recipe",
    "SearchRecipe",
    "Space",
    "contradictions",
    "explain",
    "keeps_apart",
]
