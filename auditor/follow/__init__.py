"""What changed since last time, and what is due when."""
