"""Places and addresses at every grain, down to a ward's rooms and beds."""
