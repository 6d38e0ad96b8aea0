"""The knowledge graph: concepts and relations, each with the passages that say so."""
