"""Google's services on loopback, each started by a context manager and ended with it."""
