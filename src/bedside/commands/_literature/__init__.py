"""The verbs of `bedside literature`, one a file, and what they share."""
