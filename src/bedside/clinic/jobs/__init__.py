"""Background jobs: verbs of `bedside` that workers take from the database and run, each in a process of its own."""
