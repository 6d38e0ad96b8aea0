"""Names of people: told by their shape, by the dictionaries, or by what stands beside them."""
