"""Measurements: `make bench` for costs, `make peers` for agreement with programs in other languages."""
