"""A question to the library: opening it, one answer, a table of them, and the answers on a terminal."""
