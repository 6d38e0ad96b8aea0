"""FHIR resources as chart entries: values, people, history, and charts read together."""
