"""Results of trials: effects with intervals, studies pooled, survival curves, subgroups, and the page they make."""
