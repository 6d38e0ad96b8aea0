"""The work of `bedside deidentify`: columns, notes, processes, and what came of it."""
