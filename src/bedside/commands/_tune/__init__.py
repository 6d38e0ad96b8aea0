"""The parts of `bedside tune`: trials in processes, the search on the screen, and its result."""
