"""The small trained tagger that ships: its network, what it sees, and which of its finds are kept."""
