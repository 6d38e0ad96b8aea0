"""What the verbs of fitting share: the recipe as it was said, the screen of a fit, the measuring at its end."""
