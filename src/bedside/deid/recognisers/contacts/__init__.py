"""Telephone numbers, e-mail and web addresses, accounts by which someone is reached."""
