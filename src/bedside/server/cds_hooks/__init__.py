"""CDS Hooks 2.0: discovery, services and feedback (cds-hooks.hl7.org/2.0)."""
