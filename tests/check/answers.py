"""What an audit answers, as the tests of this folder ask for it."""

from auditor import wording
from auditor.rulebook.load import load

LAW, WORDS = load("kz/majilis-2023"), wording.load("en")
ACCOUNT, OTHER = "KZ456010000000000001", "KZ186010000000000002"


def findings(made):
    return [(one["rule"], one["outcome"], one["contestant_id"], one["measured"]) for one in made["findings"]]


def silent(made, rule, key="not_assessed_for"):
    (cover,) = [one for one in made["coverage"] if one["rule"] == rule]
    return {one["contestant_id"]: one["reason"] for one in cover[key]}
