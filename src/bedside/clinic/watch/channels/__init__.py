"""Ways for the message of an alert to leave: one a file. Each leads to addresses that the settings list, only."""
