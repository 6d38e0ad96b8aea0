"""Searches for the settings that suit the data: trials of `fit` proposed, pruned and remembered, one study a folder."""
