"""Consultation: a question answered from the library alone, every sentence cited; emergencies come first."""
