"""The books and the rules → verdicts with their rows."""
