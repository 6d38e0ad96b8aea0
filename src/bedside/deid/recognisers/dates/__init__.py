"""Dates that point to a day, month or year, and ages over 89."""
