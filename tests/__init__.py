"""Flat on purpose: a package per layer here would shadow the packages under test."""
