"""The parts of `bedside diagnose`: cases and charts in, engines beside the ranking, and how it is shown and written."""
