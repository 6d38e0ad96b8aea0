"""The verbs of `bedside data`: splitting and converting tables of notes, and rows set aside on disk."""
