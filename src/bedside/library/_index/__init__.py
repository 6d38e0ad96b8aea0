"""The index of the passages: by words, by meaning, on the disk or in PostgreSQL, and both rankings as one."""
