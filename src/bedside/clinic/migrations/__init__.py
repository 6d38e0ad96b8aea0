"""How the tables came to be, step by step; run at start, so that an upgrade needs no hand."""
