"""Files → cells of text with their row numbers."""
