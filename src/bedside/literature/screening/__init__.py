"""Screening titles and abstracts for a systematic review: order, decisions, when to stop, and how that is counted."""
