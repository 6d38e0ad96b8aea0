"""Phenopackets as chart entries, and the flat table of rare diseases as phenopackets."""
