"""The way back: pseudonyms sealed in one file, the key to it, and the log of who asked."""
