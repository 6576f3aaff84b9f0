"""Writing entries for others: each module is one format, and its `lines` are what the file holds."""
