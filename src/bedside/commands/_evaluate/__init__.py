"""The parts of `bedside evaluate` and `crossval`: labelled rows measured, the part a model was fitted on, folds."""
