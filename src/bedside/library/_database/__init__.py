"""The database of a library: a file of its own, or a PostgreSQL that many servers share."""
