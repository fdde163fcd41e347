"""What arrives → stored, told whose it is, checked with what the same contestants filed before, recorded, reported, told."""
