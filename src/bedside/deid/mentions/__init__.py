"""Other mentions of what is known: the chart's own identifiers, and names found with confidence."""
