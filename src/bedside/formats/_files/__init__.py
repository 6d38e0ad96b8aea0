"""What a user points at, down to its lines: folders, archives, bytes, encodings, and files that hold no chart."""
