"""Phase 1: what the sources publish, fetched politely and checked before it lands. One module per source."""
