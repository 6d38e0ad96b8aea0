"""C-CDA documents as chart entries: values, people, statements."""
