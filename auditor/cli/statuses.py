"""What the exit status of a command tells a script."""

FINE = 0
"""Everything that could be looked at is as it should be."""
FOUND = 1
"""Something was found that somebody has to see to: what counts is said by each command."""
FAILED = 2
"""The command could not do what was asked: wrong usage, or a file that cannot be read or written."""
INCOMPLETE = 3
"""A rule was not assessed, and that was asked for."""
