"""Times to an event: how tables hold them, the times told of, curves of survival, proportional hazards."""
