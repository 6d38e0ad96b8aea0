"""The dictionaries that every reader of a language leans on, out of the lists in `data/`."""
