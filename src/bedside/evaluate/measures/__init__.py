"""How good answers of a form are, each figure counted in every draw of patients at once."""
