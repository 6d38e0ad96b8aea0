"""Many patterns over one text at the price of a few, and which recognisers a text needs at all."""
