"""Continued pretraining: the user's own texts in, a backbone that reads them better out, measured before and after."""
