"""What `bedside serve` starts: the models, where they run, and the clinical server."""
