"""Figures about a process, worked out from one view: each with what it is counted over and the entries behind it."""
