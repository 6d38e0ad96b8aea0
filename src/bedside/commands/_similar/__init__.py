"""The parts of `bedside similar`: the search, and what was found in the terminal, as JSON and as a page."""
