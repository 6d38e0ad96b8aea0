"""The parts of `bedside guard`: the facts of a patient, and a table of cases."""
