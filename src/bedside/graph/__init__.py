"""The knowledge graph: concepts and relations, each with the passages that say so.

It is one file, `graph.sqlite`, in the folder of a library. `Graph` reads it; the `from_*.py` files build it.
"""

from bedside.graph.graph import Graph

__all__ = ["Graph"]
