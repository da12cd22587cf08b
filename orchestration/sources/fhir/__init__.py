"""FHIR NDJSON as a source: patients' records as passports, organisations and roles as the registry."""
