"""A chart beside the criteria of trials: what it says, whether each criterion is met, how trials rank, what to ask."""
