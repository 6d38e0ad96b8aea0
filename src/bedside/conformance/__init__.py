"""Whether a server keeps to a standard, clause by clause: CDS Hooks 2.0, FHIR R4, the OpenAI API, SMART."""
