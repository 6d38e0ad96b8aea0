"""Similar charts: a chart at its moments, an index of charts in a folder, and the search in it."""
