"""What reads identity off a text by rule: all of a language in one call, and a folder for each kind of identity."""
