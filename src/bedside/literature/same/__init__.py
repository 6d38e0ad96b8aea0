"""Records of the same paper, or the same study: what is certain is merged, what is likely is shown with its reason."""

from bedside.literature.same.find import Match, duplicates_of

__all__ = ["Match", "duplicates_of"]
