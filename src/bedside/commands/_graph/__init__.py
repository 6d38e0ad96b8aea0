"""The verbs of `bedside graph`, one a file, and what they share."""
