"""From rows to the documents of a release (Phase 6): pure, no clock, no I/O.

Every document is an `envelope` around `data`; what may stand in it is declared once, as fields that name the contract
column they come from. JSON Schemas, the OpenAPI document and the sign-off of every release are generated from these.
"""
