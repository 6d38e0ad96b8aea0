"""Recipes: validated settings, one file a kind; unknown keys are refused and all faults told at once."""

from bedside.config._base import Learning, explain
from bedside.config.fit import Adapt, DataRecipe, FitRecipe, Recipe, contradictions
from bedside.config.pretrain import PretrainRecipe

__all__ = ["Adapt", "DataRecipe", "FitRecipe", "Learning", "PretrainRecipe", "Recipe", "contradictions", "explain"]
