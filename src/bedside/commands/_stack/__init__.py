"""The parts of `bedside stack`: cases as both engines see them, the fit, a writer's weight, and what is shown."""
