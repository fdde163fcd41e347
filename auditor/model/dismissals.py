"""Why a reviewer may dismiss a finding."""

DISMISSALS = ("data-error", "remedied", "legal-reading", "duplicate", "out-of-scope", "evidence")
"""The codes of reasons; a sentence goes with each dismissal."""
