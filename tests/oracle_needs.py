"""What the rules need, in the catalogue's words "beyond the required columns of `reports`"; without it a rule is not assessed.

Each need is a list of (table, column) of which one is enough; a rule's needs must all be met. A need of a table alone names one of its
required columns. Reading: besides what the catalogue's last paragraph lists, a rule needs every optional column without which it could
find nothing, or would accuse everybody ("A missing table or optional column is never guessed: each rule that needs it is listed").
"""

Needs = list[list[tuple[str, str]]]

# "DON, SRC-001…005: counterparty_type and one of counterparty_id, counterparty_name"
ID_OR_NAME = [("reports", "counterparty_id"), ("reports", "counterparty_name")]
DONOR_NEEDS: Needs = [[("reports", "counterparty_type")], ID_OR_NAME]


def all_of(table: str, *columns: str) -> Needs:
    """Every one of a table's columns."""
    return [[(table, column)] for column in columns]
