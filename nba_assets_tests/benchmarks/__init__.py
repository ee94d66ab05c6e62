"""Benchmarks: what `make bench` measures. Performance is judged here, never by a test that times itself."""
