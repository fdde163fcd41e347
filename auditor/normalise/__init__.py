"""Cells of text → typed tables and problems."""
