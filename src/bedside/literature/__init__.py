"""Literature: what papers say, in figures, roles and sentences with citations; screening for a review."""
