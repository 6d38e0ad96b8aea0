"""HL7 v2 messages as chart entries: the wire, segments, people, and what a later message takes back."""
