"""The audit log: who did what to whose chart; written, signed, read, kept as long as it must be."""
