"""Every register of a process as a sheet: what stands in which column, in which words."""
