"""Many reports at once: names of files, worker processes, what is unchanged, and the list of what was written."""
