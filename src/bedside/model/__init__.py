"""A fitted model as one folder: rows, forms of answers (forms/), engines (engines/), writing (writing/), doubt."""
