"""The parts of `bedside quickstart`: its steps, and the one request at its end."""
