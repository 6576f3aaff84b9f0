"""Hashing of passwords that takes no time, for tests that are about something else."""

from argon2 import PasswordHasher

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
