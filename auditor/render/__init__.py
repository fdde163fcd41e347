"""An audit → a screen, JSON, CSV, HTML, PDF."""
