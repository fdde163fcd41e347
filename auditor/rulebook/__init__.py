"""Rule files → the law as values, and each rule as one SQL statement."""
