"""Benchmarks with a contract: fixed seeds, the baseline in the same run, the ratio printed, the tolerance named."""
