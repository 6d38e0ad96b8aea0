"""Notations from strangers, read without trusting them: JSON, XML, YAML, HTML and RTF."""
