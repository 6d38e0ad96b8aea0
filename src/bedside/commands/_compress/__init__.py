"""The parts of `bedside compress`: the rows it checks on, and what it tried as a table, JSON and a report."""
