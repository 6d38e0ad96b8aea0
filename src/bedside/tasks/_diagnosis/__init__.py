"""The parts of a rare-disease differential: cases read, ranked, told, and written as page, FHIR and phenopacket."""
