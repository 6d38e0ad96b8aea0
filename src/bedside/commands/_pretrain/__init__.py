"""The parts of `bedside pretrain`: its screen, and what the new backbone is worth to a task."""
