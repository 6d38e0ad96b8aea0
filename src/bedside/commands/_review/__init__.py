"""The verbs of `bedside review`, and what they share."""
