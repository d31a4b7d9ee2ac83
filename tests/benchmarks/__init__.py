"""Benchmarks: run by hand, reported as ratios measured in one run; never a timed assertion."""
