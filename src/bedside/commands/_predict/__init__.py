"""What `bedside predict` binds to a model (corpus, doubt, licence), for other verbs too; and its rows."""
