"""A published document held against what its inputs and its law give today."""
