"""The verbs of `bedside knowledge`, one a file, and what they share."""
