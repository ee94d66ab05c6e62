"""Where things are kept: object store, warehouse, document store and ledger, each behind an interface."""
