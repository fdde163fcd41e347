"""What days and the word for the currency look like wherever people write them, as parts of regular expressions. What a cell has to look
like to be read is said in `auditor.amounts` and `auditor.normalise.forms`, and is stricter."""

DAY = r"(?:[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{4})"
SHORT_DAY = r"[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2}"
TENGE = r"(?:kzt|тг\b\.?|т[еі]нге|теңге|tenge|₸)"
"""To be compared without regard to case."""
