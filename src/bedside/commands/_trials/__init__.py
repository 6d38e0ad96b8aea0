"""The verbs of `bedside trials`, one a file, and what they share."""
