"""Speaks to other servers as their client: listed FHIR servers and identity providers, by key, token and login."""
