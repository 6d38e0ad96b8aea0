"""A living page on one question: what the library's papers say, what is new since last time, what was withdrawn."""
