"""One mistake in the rule files at a time: refused with file, line, column and what was meant, never with a traceback."""

import os
import re
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from catalogues import english_in
from command import command
from deep import deep_only

from auditor.cases import load_cases
from auditor.errors import BadRulebook, BadUsage
from auditor.rulebook.load import load
from auditor.rulebook.sql_of_rule import compile_rule
from auditor.wording import load as words_of
from auditor.workflow import Request, audit, chosen_rules
from auditor.yaml_files import source

ROOT = Path(__file__).parent.parent.parent
ACCOUNTS = "majilis-2023/accounts.yaml"
DEPOSITS = "majilis-2023/deposits.yaml"
DONATIONS = "majilis-2023/donations.yaml"
ELECTION = "majilis-2023/election.yaml"
FORM = "majilis-2023/form.yaml"
FUND = "majilis-2023/fund.yaml"
PARAMETERS = "majilis-2023/parameters.yaml"
SOURCES = "majilis-2023/sources.yaml"
SPENDING = "majilis-2023/spending.yaml"
SUBSIDIES = "majilis-2023/subsidies.yaml"
CAP = 'value: "7000000.00"'
VERSION = load("kz/majilis-2023").election.version
KYRILLIC = re.compile("[а-яёәғқңөұүһі]{3}")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|(?:[\w.-]+, )+[\w.-]+")
ANY_PLACE = re.compile(r"^[\w/.-]+, line [0-9]+, column [0-9]+: ")


@dataclass(frozen=True)
class Mistake:
    """`old` becomes `new` in `file`; the message points at the first place of `at` and holds all of `says`."""

    name: str
    file: str
    old: str
    new: str
    at: str
    says: tuple[str, ...]
    messages: int = 1

    @property
    def param(self):
        return pytest.param(self, id=self.name)


@pytest.fixture
def book(tmp_path):
    return copy(tmp_path)


def copy(folder):
    shutil.copytree(ROOT / "rules" / "kz", folder / "kz")
    return folder / "kz" / "majilis-2023"


def edit(book, file, old, new):
    path = book.parent / file
    before = path.read_text(encoding="utf-8")
    after = before.replace(old, new, 1)
    assert old in before and after != before, f"{old!r} does not stand in {file}"
    path.write_text(after, encoding="utf-8")
    return after


def place(file, text, at):
    offset = text.index(at)
    return f"{file}, line {text.count(chr(10), 0, offset) + 1}, column {offset - (text.rfind(chr(10), 0, offset) + 1) + 1}: "


def refused(book):
    with pytest.raises(BadRulebook) as raised:
        load(book)
    return raised.value.mistakes


def as_text(done):
    done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
    return done


def lint(book, *options, **limits):
    def limited():
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))

    if not limits:
        return as_text(command("rules", "lint", "--rulebook", book, *options))
    return subprocess.run(
        [sys.executable, "-m", "auditor.cli.main", "rules", "lint", "--rulebook", str(book), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        timeout=120,
        check=False,
        preexec_fn=limited,
    )


def test_a_second_file_adds_to_the_headings_and_words_of_the_first(book):
    more = "headings:\n  reports:\n    amount: [Foo, Сумма]\nwords:\n  kind:\n    donation: [gift of a friend]\n"
    (book / "more.yaml").write_text(more, encoding="utf-8")
    before, after = load("kz/majilis-2023"), load(book)
    assert {*after.headings["reports"]["amount"]} == {*before.headings["reports"]["amount"], "Foo"}
    assert {*after.vocabulary.words["kind"]["donation"]} == {*before.vocabulary.words["kind"]["donation"], "gift of a friend"}


def test_a_mistake_in_one_of_several_files_of_headings_is_told_of_that_file(book):
    (book / "a_more.yaml").write_text("headings:\n  reports:\n    amonut: [Foo]\n", encoding="utf-8")
    (book / "z_more.yaml").write_text("headings:\n  reports:\n    amount: [Bar]\n", encoding="utf-8")
    (mistake,) = refused(book)
    assert mistake.startswith("majilis-2023/a_more.yaml, line 3, column 5: ")


def test_a_second_label_of_the_same_column_is_refused(book):
    (book / "more.yaml").write_text("labels:\n  reports:\n    amount: {en: X, ru: Х, kk: Ғ}\n", encoding="utf-8")
    (mistake,) = refused(book)
    assert mistake.startswith("majilis-2023/more.yaml, line 3, column 5: ")
    assert "labels reports.amount stands in another file of the rulebook too" in mistake


MISTAKES = [
    # --- keys ---
    Mistake(
        "unknown key of a rule", DONATIONS, "    severity: major", "    severitty: major", "severitty", ("'severitty'", "'severity'"), 2
    ),
    Mistake("unknown key of a file", DONATIONS, "rules:", "ruls:", "ruls:", ("'ruls'", "Did you mean 'rules'?")),
    Mistake("unknown key of a check", SOURCES, "      per: donor", "      pur: donor", "pur:", ("'pur'", "Did you mean 'per'?")),
    Mistake("unknown key of a limit", DONATIONS, "      per: donor", "      pur: donor", "pur:", ("'pur'", "'per'")),
    Mistake("unknown key of a fee", DEPOSITS, "      by: last", "      bye: x\n      by: last", "bye:", ("'bye'",)),
    Mistake("unknown key of an event", ELECTION, '    day: "2023-02-18"', '    dey: "2023-02-18"', "dey:", ("'dey'", "'day'")),
    Mistake("unknown key of a value", PARAMETERS, "multiple: 100,", "multipel: 100,", "multipel", ("'multipel'", "'multiple'")),
    Mistake("unknown language", DONATIONS, "en: One individual", "de: Einer, en: One individual", "de:", ("'de'",)),
    Mistake(
        "duplicate key",
        DONATIONS,
        "    severity: major\n",
        "    severity: major\n    severity : minor\n",
        "severity : minor",
        ("'severity'", "second time", "line 12"),
    ),
    Mistake(
        "duplicate parameter",
        PARAMETERS,
        "  donation_cap_organisation:",
        "  donation_cap_individual :",
        "donation_cap_individual :",
        ("'donation_cap_individual'", "second time", "line 4"),
    ),
    Mistake(
        "phrase in two files",
        FORM,
        "headings:\n",
        'phrases: {over_limit: {en: "x", ru: "x", kk: "x"}}\nheadings:\n',
        "over_limit:",
        ("'over_limit'", "another file"),
    ),
    Mistake("missing key", DONATIONS, "    severity: major\n", "", "id: DON-001", ("'severity' is missing",)),
    Mistake("merge key", DONATIONS, "    severity: major", "    severity: major\n    <<: {}", "<<:", ("'<<'",)),
    Mistake("missing kind of check", DONATIONS, "      kind: limit\n", "", "check:", ("kind",)),
    # --- translations and phrases ---
    Mistake(
        "missing translation", DONATIONS, ", kk: Бір азаматтың қайырмалдығы шектен асқан", "", "title:", ("translation 'kk' is missing",)
    ),
    Mistake(
        "missing translation of a phrase",
        "phrases.yaml",
        '    ru: "Сумма — {measured} тенге;',
        '    rus: "Сумма — {measured} тенге;',
        "rus:",
        ("'rus'",),
        2,
    ),
    Mistake("empty translation", DONATIONS, "kk: Бір азаматтың қайырмалдығы шектен асқан", 'kk: ""', 'kk: ""', ("may not be empty",)),
    Mistake("translation left blank", DONATIONS, "kk: Бір азаматтың қайырмалдығы шектен асқан", "kk: ", "kk: }", ("a text is expected",)),
    Mistake(
        "missing phrase",
        DONATIONS,
        "message: over_cap_of_donor",
        "message: over_cap_of_doner",
        "message:",
        ("DON-001", "no phrase", "'over_cap_of_donor'"),
    ),
    Mistake(
        "missing action", DONATIONS, "action: return_excess", "action: return_exces", "action:", ("DON-001", "no phrase", "'return_excess'")
    ),
    Mistake(
        "missing basis",
        DONATIONS,
        "law: [{source: seed_ix",
        "law: [{source: seed_xi",
        "source: seed_xi",
        ("no legal basis 'seed_xi'", "'seed_ix'"),
    ),
    Mistake("missing reading", DONATIONS, "reading: reading_per_donor", "reading: reading_per_doner", "reading:", ("'reading_per_donor'",)),
    Mistake(
        "unknown placeholder",
        "phrases.yaml",
        "come to {measured} KZT",
        "come to {mesured} KZT",
        'en: "Donor {subject}: donations',
        ("{mesured}", "Did you mean 'measured'?"),
    ),
    Mistake(
        "placeholder without a name", "phrases.yaml", "come to {measured} KZT", "come to {} KZT", 'en: "Donor {subject}: donations', ("{}",)
    ),
    Mistake(
        "unknown placeholder in Kazakh",
        "phrases.yaml",
        "қайырмалдық — {measured}",
        "қайырмалдық — {сома}",
        'kk: "Қайырмалдық беруші {subject}: қайтарымдарды шегергендегі',
        ("{сома}",),
    ),
    Mistake(
        "criteria with a number of another rule",
        DONATIONS,
        "come to {donation_cap_individual} KZT",
        "come to {donation_cap_organisation} KZT",
        "en: All donations of one individual",
        ("DON-001", "{donation_cap_organisation} is no number or day of this rule", "Did you mean 'donation_cap_individual'?"),
        messages=3,
    ),
    Mistake(
        "criteria with a day of another rule",
        SPENDING,
        "to {campaign_end};",
        "to {results_published};",
        "en: Campaigning is allowed",
        ("EXP-003", "{results_published} is no number or day of this rule"),
        messages=3,
    ),
    Mistake(
        "criteria with a multiple in no brackets",
        DONATIONS,
        "({donation_cap_individual_multiple} minimum wages)",
        "or {donation_cap_individual_multiple} minimum wages",
        "en: All donations of one individual",
        ("DON-001", "{donation_cap_individual_multiple} stands in brackets"),
    ),
    Mistake(
        "criteria that name no number in one language",
        DONATIONS,
        "не более {donation_cap_individual} тенге ({donation_cap_individual_multiple} МЗП)",
        "не более семи миллионов тенге",
        "ru: Все пожертвования одного гражданина",
        ("DON-001", "other numbers or days than the English criteria"),
    ),
    Mistake(
        "brace without its other half",
        "phrases.yaml",
        "come to {measured} KZT",
        "come to {measured KZT",
        'en: "Donor {subject}: donations',
        ("a brace stands alone",),
    ),
    Mistake(
        "placeholder with a number format",
        "phrases.yaml",
        "come to {measured} KZT",
        "come to {measured:d} KZT",
        'en: "Donor {subject}: donations',
        ("{measured:d}",),
    ),
    Mistake(
        "phrase that the program itself says",
        "phrases.yaml",
        "  correct_line:",
        "  correct_lines:",
        "correct_lines:",
        ("correct_line",),
    ),
    # --- amounts and units ---
    Mistake(
        "a count where money is needed",
        DONATIONS,
        "limit: donation_cap_individual",
        "limit: subsidised_articles",
        "limit: subsidised",
        ("'subsidised_articles' is in count", "needs money"),
    ),
    Mistake(
        "money where a count is needed",
        SUBSIDIES,
        "limit: subsidised_articles",
        "limit: subsidy_transport",
        "limit: subsidy_transport\n\n  - id: SUB-009",
        ("is in money", "needs count"),
    ),
    Mistake(
        "a sum where a schedule is needed",
        DEPOSITS,
        "schedule: deposit_share",
        "schedule: subsidy_media",
        "schedule:",
        ("is in money", "needs schedule"),
    ),
    Mistake(
        "a schedule where a fee is needed",
        DEPOSITS,
        "fee: deposit_for_each_candidate",
        "fee: deposit_share",
        "fee:",
        ("is in schedule", "needs money"),
    ),
    Mistake(
        "not its multiple",
        PARAMETERS,
        CAP,
        'value: "7000000.01"',
        'value: "7000000.01"',
        ("7000000.01", "100 × 70000.00", "(minimum_wage)", "= 7000000.00"),
    ),
    Mistake(
        "multiple of something else", PARAMETERS, "of: minimum_wage", "of: minimum_wages", "of:", ("'minimum_wages'", "'minimum_wage'")
    ),
    Mistake("multiple of a count", PARAMETERS, "of: minimum_wage", "of: subsidised_articles", "of:", ("in count, not in money",)),
    Mistake(
        "multiple without of",
        PARAMETERS,
        ", of: minimum_wage",
        "",
        '{from: "2023-01-01", value: "7000000.00"',
        ("multiple and of go together",),
    ),
    Mistake("unknown unit", PARAMETERS, "unit: money", "unit: mony", "unit:", ("'mony'", "Did you mean 'money'?")),
    Mistake(
        "no value yet in force", PARAMETERS, 'from: "2023-01-01"', 'from: "2023-03-20"', "values:", ("no value is in force on 2023-03-19",)
    ),
    Mistake("bands that begin too high", PARAMETERS, '{from: "0", share', '{from: "0.5", share', "bands:", ("lowest band",)),
    Mistake("share over one", PARAMETERS, 'share: "0.7"', 'share: "7"', 'share: "7"', ("'7'", "at most 1")),
    *(
        Mistake(
            f"amount {shown}",
            PARAMETERS,
            CAP,
            f"value: {shown}",
            f"value: {shown}",
            (repr(shown.strip('"')), "is not an amount", '"7000000.00"', "unit money"),
        )
        for shown in (
            '"7_000_000"',
            "7_000_000",
            '"7_000_000.00"',
            "7000000",
            '"7000000"',
            "7e6",
            "7000000.0",
            '"7,000,000.00"',
            '"7 000 000.00"',
            '"7000000,00"',
            '"-7000000.00"',
            '"+7000000.00"',
            '"7000000.005"',
            '"７000000.00"',
            "0x6ACFC0",
            ".inf",
            "true",
        )
    ),
    Mistake("amount that is a list", PARAMETERS, CAP, "value: [7000000.00]", "value: [", ("a text is expected",)),
    Mistake("amount left blank", PARAMETERS, CAP, "value: ", '{from: "2023-01-01", value: ,', ("give value or bands",)),
    Mistake("count with decimals", PARAMETERS, 'value: "2"', 'value: "2.5"', 'value: "2.5"', ("'2.5' is not a whole number",)),
    Mistake("percent in words", PARAMETERS, 'value: "5"', 'value: "5 %"', 'value: "5 %"', ("'5 %' is not a share in per cent",)),
    Mistake(
        "minimum wage as a bare number",
        "minimum_wage.yaml",
        'value: "70000.00"',
        "value: 70000",
        "value: 70000,",
        ("'70000' is not an amount",),
    ),
    # --- names ---
    Mistake(
        "misspelt parameter",
        DONATIONS,
        "limit: donation_cap_individual",
        "limit: donation_cap_indivdual",
        "limit: donation_cap_indivdual",
        ("DON-001", "no parameter", "Did you mean 'donation_cap_individual'?"),
    ),
    Mistake(
        "misspelt parameter of a condition",
        DEPOSITS,
        "parameter: deposit_refund_from",
        "parameter: deposit_refund_form",
        "parameter: deposit_refund_form",
        ("DEP-003", "Did you mean 'deposit_refund_from'?"),
    ),
    Mistake(
        "misspelt event",
        SPENDING,
        "event: campaign_start",
        "event: campagn_start",
        "event: campagn_start",
        ("EXP-003", "no event 'campagn_start'", "Did you mean 'campaign_start'?"),
    ),
    Mistake(
        "misspelt column",
        DONATIONS,
        "column: counterparty_type, is",
        "column: counterparty_tipe, is",
        "column: counterparty_tipe",
        ("DON-001", "'counterparty_tipe'", "Did you mean 'counterparty_type'?"),
    ),
    Mistake(
        "misspelt fact",
        DEPOSITS,
        "fact: registered_on",
        "fact: registerd_on",
        "fact: registerd_on",
        ("DEP-002", "contestants has no column", "Did you mean 'registered_on'?"),
    ),
    Mistake(
        "misspelt code",
        DONATIONS,
        "is: individual",
        "is: indivdual",
        "is: indivdual",
        ("DON-001", "counterparty_type is never 'indivdual'", "Did you mean 'individual'?"),
    ),
    Mistake(
        "misspelt code of a list",
        DONATIONS,
        "in: [organisation",
        "in: [organization",
        "in: [organization",
        ("'organization'", "Did you mean 'organisation'?"),
    ),
    Mistake(
        "misspelt code of a negated test",
        SUBSIDIES,
        "not: {column: category, in: [television",
        "not: {column: category, in: [televison",
        "in: [televison",
        ("'televison'", "Did you mean 'television'?"),
    ),
    Mistake(
        "misspelt code of the register",
        DEPOSITS,
        'column: elected, is: "yes"',
        'column: elected, is: "yess"',
        'is: "yess"',
        ("elected is never 'yess'", "Did you mean 'yes'?"),
    ),
    Mistake(
        "misspelt giver",
        DONATIONS,
        "column: giver, is: donor",
        "column: giver, is: doner",
        "is: doner",
        ("giver is never 'doner'", "Did you mean 'donor'?"),
    ),
    Mistake(
        "misspelt kind",
        DONATIONS,
        "kinds: [donation]",
        "kinds: [donations]",
        "donations]",
        ("DON-001", "no kind 'donations'", "Did you mean 'donation'?"),
    ),
    Mistake(
        "misspelt contest",
        FUND,
        "applies_to: party_list",
        "applies_to: party_lists",
        "applies_to: party_lists",
        ("'party_lists'", "Did you mean 'party_list'?"),
    ),
    Mistake("misspelt severity", DONATIONS, "severity: major", "severity: mayor", "severity: mayor", ("'mayor'", "Did you mean 'major'?")),
    Mistake(
        "misspelt confidence",
        DONATIONS,
        "confidence: stated",
        "confidence: state",
        "confidence: state}",
        ("'state'", "Did you mean 'stated'?"),
    ),
    Mistake(
        "need of an unknown table",
        DONATIONS,
        "needs: [reports.counterparty_type",
        "needs: [report.counterparty_type",
        "report.counterparty_type",
        ("DON-001", "no table 'report'", "Did you mean 'reports'?"),
    ),
    Mistake(
        "need of an unknown column",
        DONATIONS,
        "needs: [reports.counterparty_type",
        "needs: [reports.counterparty_typ",
        "reports.counterparty_typ,",
        ("'counterparty_typ'", "Did you mean 'counterparty_type'?"),
    ),
    Mistake(
        "second of two needs",
        DONATIONS,
        "reports.counterparty_id | reports.counterparty_name",
        "reports.counterparty_id | reports.counterparty_nam",
        "reports.counterparty_id |",
        ("'counterparty_nam'", "'counterparty_name'"),
    ),
    Mistake(
        "misspelt status",
        DEPOSITS,
        "status: registered",
        "status: registred",
        "status: registred",
        ("'registred'", "'registered'"),
    ),
    Mistake(
        "heading of an unknown table",
        FORM,
        "  reports:",
        "  report:",
        "report:",
        ("'report'", "'reports'"),
    ),
    Mistake(
        "heading of an unknown column",
        FORM,
        "    counterparty_type:",
        "    counterparty_tipe:",
        "counterparty_tipe:",
        ("'counterparty_tipe'", "'counterparty_type'"),
    ),
    # --- labels of the empty form ---
    Mistake(
        "label of an unknown column",
        FORM,
        "    kbe: {en: KBe",
        "    kb: {en: X, ru: Икс, kk: Икс}\n    kbe: {en: KBe",
        "kb: {en",
        ("'kb'", "'kbe'"),
    ),
    Mistake(
        "label of an unknown code", FORM, "    in: {en: Incoming", "    inn: {en: Incoming", "inn: {en", ("direction", "'inn'", "'in'"), 2
    ),
    Mistake(
        "labels of an unknown table",
        FORM,
        "  statement:\n    fund_account: {",
        "  statment:\n    fund_account: {",
        "statment:",
        ("'statement'",),
        2,
    ),
    Mistake(
        "label that a column lacks",
        FORM,
        "    kbe: {en: KBe, ru: КБе, kk: Бенефициар коды (КБе)}\n",
        "",
        "statement:\n    fund_account: {",
        ("'kbe' of statement has no label",),
    ),
    Mistake(
        "words that the vocabulary has elsewhere",
        "vocabulary.yaml",
        "  unnamed_types: [anonymous]\n",
        "  unnamed_types: [anonymous]\n  words: {category: {radio: [эфир]}}\n",
        "words: {category",
        ("'words'",),
    ),
    Mistake(
        "lead near limits of donors",
        "majilis-2023/leads.yaml",
        "kind: near_limit, rules: [EXP-001, EXP-002]",
        "kind: near_limit, rules: [EXP-001, DON-001]",
        "DON-001], share",
        ("LED-011", "DON-001 is held for each donor", "for each contestant"),
    ),
    Mistake(
        "lead of donors by a limit of contestants",
        "majilis-2023/leads.yaml",
        "kind: across_funds, rules: [DON-001, DON-002]",
        "kind: across_funds, rules: [EXP-001, DON-002]",
        "EXP-001, DON-002]",
        ("LED-006", "EXP-001 is held for each contestant", "for each donor"),
    ),
    Mistake(
        "label that a code lacks", FORM, "    m: {en: Male, ru: Мужской, kk: Ер}\n", "", "sex:\n    f: {", ("'m' of sex has no label",)
    ),
    Mistake(
        "labels that a list lacks",
        FORM,
        "  sex:\n    f: {en: Female, ru: Женский, kk: Әйел}\n    m: {en: Male, ru: Мужской, kk: Ер}\n",
        "",
        "code_labels:",
        ("sex has no labels",),
    ),
    Mistake("label in two languages", FORM, "{en: KBe, ru: КБе, kk:", "{en: KBe, kk:", "kbe: {en: KBe", ("translation 'ru' is missing",)),
    Mistake(
        "label of two columns", FORM, "kk: Құжат нөмірі}", "kk: операция  КҮНІ}", "kk: операция", ("'операция  КҮНІ'", "date", "reference")
    ),
    Mistake(
        "label that is another column",
        FORM,
        "{en: Reference,",
        "{en: Opening_Balance,",
        "en: Opening_Balance",
        ("opening_balance", "reference"),
    ),
    Mistake(
        "label that is another heading",
        FORM,
        "ru: Номер документа",
        "ru: Плательщик/получатель",
        "ru: Плательщик/получатель",
        ("counterparty_name",),
    ),
    Mistake(
        "heading of two columns",
        FORM,
        "[Направление, Бағыты]",
        "[Направление, Сумма]",
        "Сумма, Сома, Сомасы]\n    counterparty_name",
        ("direction", "amount"),
    ),
    Mistake(
        "label of two codes", FORM, "m: {en: Male, ru: Мужской", "m: {en: Male, ru: жен-ский", "ru: жен-ский", ("'жен-ский'", "read as f")
    ),
    Mistake("label that is another code", FORM, "{en: Card,", "{en: In-kind,", "en: In-kind", ("in_kind", "card")),
    Mistake("word of two codes", FORM, "[карта, картой]", "[карта, Наличные]", "Наличные]", ("cash", "card")),
    Mistake("label of nothing", FORM, "{en: KBe,", '{en: "._",', 'en: "._"', ("no word",)),
    Mistake(
        "words of a column that has another's list",
        FORM,
        "  sex:\n    f: [",
        "  medium:\n    radio: [",
        "medium:\n    radio",
        ("'medium'",),
        1,
    ),
    # --- rules ---
    Mistake(
        "rule id twice", DONATIONS, "id: DON-002", "id: DON-001", "id: DON-001\n    title: {en: One organisation", ("rule DON-001", "twice")
    ),
    Mistake("rule id twice in two files", FUND, "id: FND-001", "id: DON-001", "id: DON-001", ("rule DON-001", "twice")),
    Mistake("rule id of another form", DONATIONS, "id: DON-002", "id: DON-2", "id: DON-2", ("'DON-2'",)),
    Mistake(
        "was_over of no rule",
        DONATIONS,
        "rules: [DON-001, DON-002]",
        "rules: [DON-001, DON-020]",
        "DON-020]",
        ("DON-003", "no rule DON-020", "Did you mean 'DON-0"),
    ),
    Mistake(
        "was_over of a rule without a limit",
        DONATIONS,
        "rules: [DON-001, DON-002]",
        "rules: [DON-001, SRC-001]",
        "SRC-001]",
        ("DON-003", "SRC-001", "limit"),
    ),
    Mistake(
        "was_over of a rule that has ended",
        DONATIONS,
        'in_force: {from: "2022-11-05"}',
        'in_force: {from: "2022-11-05", to: "2023-01-01"}',
        "DON-001, DON-002]",
        ("DON-003", "DON-001", "in force"),
        4,  # three leads look at its cap too
    ),
    Mistake(
        "in force to before from",
        DONATIONS,
        'in_force: {from: "2022-11-05"}',
        'in_force: {from: "2022-11-05", to: "2021-01-01"}',
        "in_force:",
        ("2021-01-01",),
        5,
    ),
    Mistake(
        "day in another form",
        DONATIONS,
        'from: "2022-11-05"',
        'from: "05.11.2022"',
        'from: "05.11.2022"',
        ("'05.11.2022'", "a day is expected, written 2023-03-19"),
    ),
    Mistake(
        "day that does not exist",
        ELECTION,
        'day: "2023-02-18"',
        'day: "2023-02-30"',
        'day: "2023-02-30"',
        ("'2023-02-30'", "a day is expected, written 2023-03-19"),
    ),
    Mistake("unknown kind of check", DONATIONS, "kind: was_over", "kind: was_ower", "kind: was_ower", ("'was_ower'", "'was_over'")),
    Mistake(
        "unknown kind of check, its own line",
        DONATIONS,
        "      kind: limit",
        "      kind: limmit",
        "kind: limmit",
        ("'limmit'", "Did you mean 'limit'?"),
    ),
    Mistake(
        "count with refunds",
        SUBSIDIES,
        "      measure: count\n      adds",
        "      measure: count\n      less: [{kinds: [deposit]}]\n      adds",
        "less: [{kinds: [deposit",
        ("less",),
    ),
    # --- conditions ---
    Mistake(
        "condition with two tests",
        SOURCES,
        "is: charity}",
        "is: charity, empty: true}",
        "{column: counterparty_type, is: charity",
        ("one column with one test",),
    ),
    Mistake("condition without a test", SOURCES, ", is: charity}", "}", "{column: counterparty_type}", ("one column with one test",)),
    Mistake(
        "condition of a limit with two tests",
        DONATIONS,
        "is: individual}",
        "is: individual, empty: true}",
        "{column: counterparty_type, is: individual",
        ("one column with one test",),
    ),
    Mistake("part of another form", ACCOUNTS, 'part: "1:2"', 'part: "0:2"', 'part: "0:2"', ("'0:2'",)),
    Mistake(
        "reference to two things",
        SPENDING,
        "{event: campaign_start}",
        "{event: campaign_start, parameter: subsidy_media}",
        "before: {event: campaign_start, par",
        ("one of parameter, event, fact",),
    ),
    Mistake("a day written in a rule", SPENDING, "before: {event: campaign_start}", 'before: "2023-02-18"', "before:", ("'2023-02-18'",)),
    Mistake(
        "one mistake, one message",
        SOURCES,
        "is: charity}",
        "is: charity, empty: true}",
        "{column: counterparty_type, is: charity",
        ("one column with one test",),
    ),
    Mistake(
        "schedule in a condition",
        DEPOSITS,
        "under: {parameter: deposit_refund_from}",
        "under: {parameter: deposit_share}",
        "parameter: deposit_share",
        ("DEP-003", "schedule"),
    ),
    Mistake(
        "no day between",
        SPENDING,
        "before: {event: campaign_start}}, {column: date, after: {event: campaign_end}}",
        "before: {event: campaign_end}}, {column: date, after: {event: campaign_start}}",
        "{any: [{column: date, before: {event: campaign_end}",
        ("EXP-003", "from campaign_end=2023-03-17 to campaign_start=2023-02-18"),
    ),
    Mistake(
        "money against a day",
        SPENDING,
        "before: {event: campaign_start}",
        "before: {parameter: subsidy_media}",
        "parameter: subsidy_media",
        ("EXP-003", "money"),
    ),
    Mistake(
        "part of a day",
        SOURCES,
        "column: counterparty_id, part",
        "column: date, part",
        "column: date, part",
        ("SRC-004", "date"),
    ),
    Mistake(
        "days between names",
        ACCOUNTS,
        "first: registered_on",
        "first: name",
        "first: name",
        ("ACC-004", "name"),
    ),
    Mistake(
        "fee by a name",
        DEPOSITS,
        "by: last_vote_share",
        "by: name",
        "by: name",
        ("DEP-001", "name"),
    ),
    *(
        Mistake(
            f"{test.split()[0]} a literal {column}",
            SOURCES,
            "column: counterparty_type, is: charity",
            f"column: {column}, {test}",
            f"column: {column}",
            ("SRC-002", column),
        )
        for column, test in (
            ("amount", 'is: "5"'),
            ("amount", 'in: ["5.00"]'),
            ("unit_price", 'is_not: "5"'),
            ("date", 'is: "1 March"'),
        )
    ),
    # --- what a rule looks at, and says that it needs ---
    Mistake(
        "need left out",
        "majilis-2023/accounts.yaml",
        "    needs: [reports.fund_account]\n",
        "",
        "check:",
        ("ACC-001", "it looks at reports.fund_account", "`needs`"),
    ),
    Mistake(
        "empty list of codes", SOURCES, "in: [state_body, state_funded_organisation, local_government]", "in: []", "in: []", ("at least 1",)
    ),
    Mistake("condition of nothing", SUBSIDIES, "where: [{any: [", "where: [{all: []}, {any: [", "all: []", ("at least 1",)),
    Mistake(
        "part of astronomic length", "majilis-2023/accounts.yaml", '"5:3"', '"5:99999"', 'part: "5:99999"', ("does not have the form",)
    ),
    Mistake("empty total word", "vocabulary.yaml", "total_words: [", 'total_words: ["", ', '"", ', ("may not be empty",)),
    Mistake(
        "two values from one day",
        "minimum_wage.yaml",
        '{from: "2024-01-01"',
        '{from: "2023-01-01"',
        'from: "2023-01-01", value: "85000',
        ("another value begins on 2023-01-01 too",),
    ),
    Mistake(
        "source of a reporting period",
        ELECTION,
        "source: reading_interim_periods",
        "source: reading_interim_period",
        "source: reading_interim_period,",
        ("no legal basis", "'reading_interim_periods'"),
    ),
    Mistake(
        "reporting period that ends before it begins",
        ELECTION,
        'to: "2023-02-28"',
        'to: "2023-02-08"',
        '{from: "2023-02-18"',
        ("it ends on 2023-02-08",),
    ),
    Mistake(
        "two reporting periods that end on one day",
        ELECTION,
        'to: "2023-03-15"',
        'to: "2023-03-31"',
        '{from: "2023-03-16"',
        ("another period ends on 2023-03-31 too",),
    ),
    Mistake(
        "more than all of it",
        PARAMETERS,
        'value: "30", source: seed_vii',
        'value: "130", source: seed_vii',
        'value: "130"',
        ("at most 100",),
    ),
    # --- YAML ---
    Mistake("unclosed quotation mark", ELECTION, f'version: "{VERSION}"', f'version: "{VERSION}', '2023-03-19"\n  currency', ("not YAML",)),
    Mistake("tab as indentation", DONATIONS, "    severity: major", "\tseverity: major", "\tseverity", ("not YAML", "tab")),
    Mistake("undefined alias", DONATIONS, "severity: major", "severity: *major", "*major", ("not YAML", "an alias (*) stands for nothing")),
    Mistake("two documents", DONATIONS, "  - id: DON-002", "---\nrules:\n  - id: DON-002", "---", ("not YAML", "a second document")),
    Mistake("list instead of a mapping", "minimum_wage.yaml", "parameters:\n", "- parameters:\n", "", ("mapping",)),
    Mistake("key that is a list", DONATIONS, "rules:", "? [a, b]\n: c\nrules:", "[a, b]", ("a key must be a word",)),
    Mistake(
        "alias of itself",
        DONATIONS,
        "rules:\n",
        "rules: &a\n  - *a\nx:\n",
        "&a",
        ("an alias", "itself"),
    ),
]


@pytest.mark.parametrize("mistake", [mistake.param for mistake in MISTAKES])
def test_a_mistake_is_refused_with_its_place_and_what_was_meant(book, mistake):
    text = edit(book, mistake.file, mistake.old, mistake.new)
    mistakes = refused(book)
    where = place(mistake.file, text, mistake.at)
    told = [one for one in mistakes if one.startswith(where) and all(part in one for part in mistake.says)]
    assert told, f"expected {where}{mistake.says}, got {mistakes}"
    assert len(mistakes) == mistake.messages, mistakes
    assert all(ANY_PLACE.match(one) and "\n" not in one for one in mistakes), mistakes
    for lang in ("kk", "ru"):
        said = [one.in_(words_of(lang)) for one in mistakes]
        assert all(one.startswith(mistake.file.split("/")[0]) and "line" not in one.partition(": ")[0] for one in said), said
        assert all(KYRILLIC.search(one.partition(": ")[2]) and not english_in(without_names(one)) for one in said), said


def without_names(said):
    """A sentence without what is quoted in it, and without what it counts up: these stay as they are written in the file."""
    return QUOTED.sub("·", said)


def test_every_edit_finds_what_it_changes_and_its_place(tmp_path):
    for n, mistake in enumerate(MISTAKES):
        assert mistake.at in edit(copy(tmp_path / str(n)), mistake.file, mistake.old, mistake.new), mistake.name
    names = [mistake.name for mistake in MISTAKES]
    assert len(names) == len(set(names))


def test_the_untouched_copy_is_the_shipped_rulebook(book):
    assert load(book).sha256 == load("kz/majilis-2023").sha256


def test_an_amount_without_quotes_is_taken_as_written_and_never_as_a_float(book):
    edit(book, PARAMETERS, 'value: "450000.00"', "value: 450000.10")
    value = load(book).value("subsidy_media")
    assert isinstance(value, Decimal)
    assert str(value) == "450000.10"


def test_a_key_spelt_yes_or_no_stays_a_word(book):
    edit(book, DEPOSITS, 'is: "no"', "is: no")
    check = load(book).rule("DEP-003").check
    assert check.breach_if[0].is_ == "no"


def test_all_mistakes_are_told_at_once_each_with_its_file(book):
    edits = [
        (DONATIONS, "is: individual", "is: indivdual", "is: indivdual"),
        (FUND, "limit: own_funds_limit_party", "limit: own_fund_limit_party", "limit: own_fund_limit_party"),
        (SPENDING, "event: campaign_end", "event: campaign_and", "event: campaign_and"),
        (PARAMETERS, CAP, 'value: "7000001.00"', 'value: "7000001.00"'),
        ("phrases.yaml", "come to {measured} KZT", "come to {sum} KZT", 'en: "Donor {subject}: donations'),
    ]
    places = [place(file, edit(book, file, old, new), at) for file, old, new, at in edits]
    mistakes = refused(book)
    assert len(mistakes) == len(edits)
    assert all(sum(one.startswith(where) for one in mistakes) == 1 for where in places)


# --- bytes ---


def test_bytes_that_are_not_utf8(book):
    path = book.parent / DONATIONS
    raw = path.read_bytes()
    at = raw.index("Пожертвования".encode())
    path.write_bytes(raw[:at] + "Пожертвования".encode("cp1251") + raw[at + 26 :])
    assert refused(book) == (f"{DONATIONS}: byte {at + 1} is not UTF-8; save the file as UTF-8.",)


def test_utf16_is_not_utf8(book):
    path = book.parent / DONATIONS
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert refused(book) == (f"{DONATIONS}: byte 1 is not UTF-8; save the file as UTF-8.",)


def test_a_byte_order_mark_is_no_mistake(book):
    path = book.parent / DONATIONS
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(load(book).rules) == len(load("kz/majilis-2023").rules)


@pytest.mark.parametrize("character", ["\x00", "\x07"])
def test_a_control_character_is_one_line_with_its_place(book, character):
    text = edit(book, DONATIONS, "severity: major", f"severity: maj{character}or")
    mistakes = refused(book)
    assert len(mistakes) == 1 and "\n" not in mistakes[0]
    assert mistakes[0].startswith(place(DONATIONS, text, character).rpartition(",")[0])


def test_a_file_that_is_too_large(book):
    (book.parent / DONATIONS).write_bytes(b"#" * 2_000_001)
    (mistake,) = refused(book)
    assert mistake == f"{DONATIONS}: it has more bytes than such a file has (2,000,000)."


def test_what_is_no_rule_file_is_told_or_not_the_rulebooks(book):
    for name in (".donations.yaml", "._donations.yaml"):
        (book / name).write_text("no: [yaml", encoding="utf-8")
    assert load(book).sha256 == load("kz/majilis-2023").sha256
    (book / "more.yml").write_text("rules: []\n", encoding="utf-8")
    assert refused(book) == ("majilis-2023/more.yml: rule files end in .yaml; rename it, or it is not read.",)
    (book / "more.yml").unlink()
    (book.parent / "gone.yaml").symlink_to("nowhere.yaml")
    assert refused(book) == ("gone.yaml: this is no file, or a link to one that is not there.",)
    (book.parent / "gone.yaml").unlink()
    os.mkfifo(book / "pipe.yaml")
    assert refused(book) == ("majilis-2023/pipe.yaml: this is no file, or a link to one that is not there.",)


def test_a_rulebook_in_the_folder_where_one_stands_has_its_folder_above(book, monkeypatch):
    monkeypatch.chdir(book)
    assert load(".").sha256 == load("kz/majilis-2023").sha256


def test_shipped_rule_files_are_yaml_for_other_tools_too():
    for file in (ROOT / "rules").rglob("*.yaml"):
        same(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader), source.read(file, file.name).tree)


def same(theirs, ours):
    """That another tool reads the same: no `no` that is false, no day or number that would be written otherwise."""
    if isinstance(ours, dict):
        assert list(theirs) == list(ours)
        for key, value in ours.items():
            same(theirs[key], value)
    elif isinstance(ours, list):
        assert len(theirs) == len(ours)
        for one, other in zip(theirs, ours, strict=True):
            same(one, other)
    else:
        written = str(theirs).lower() if isinstance(theirs, bool) else str(theirs)
        assert written == str(ours) and not isinstance(theirs, float), (theirs, ours)


# --- cases ---


def cases_refused(book):
    with pytest.raises(BadRulebook) as raised:
        load_cases(load(book))
    return raised.value.mistakes


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("shows: at_limit", "shows: tiyn_over", "a case that shows tiyn_over expects breach"),
        ("expect: kept", "expect: []", "at least 1 is needed"),
        ('measured: "', 'measured: "7 ', "does not have the form"),
        ("rule: DON-001", "rule: DON-01", "there is no rule 'DON-01'. Did you mean 'DON-001'?"),
        ("reports: |\n", 'reports: ""\n    filings: |\n', "may not be empty"),
        ("| counterparty_id", "| counterparty_ids", "reports has no column 'counterparty_ids'. Did you mean 'counterparty_id'?"),
    ],
)
def test_a_case_that_cannot_test_what_it_shows_is_refused(book, old, new, says):
    file = "majilis-2023/donations.test.yaml"
    edit(book, file, old, new)
    assert all(one.startswith(f"{file}, line ") for one in cases_refused(book))
    assert any(says in one for one in cases_refused(book)), cases_refused(book)


def test_the_cases_of_a_rule_that_has_ended_stay_and_are_not_run(book):
    edit(book, SOURCES, 'in_force: {from: "2022-11-05"}', 'in_force: {from: "2022-11-05", to: "2023-01-31"}')
    law = load(book)
    assert law.ended == {"SRC-001"}
    with pytest.raises(BadUsage, match="The rule SRC-001 is in the rulebook, but not in force on 2023-03-19, the day of the election"):
        law.rule("src-001")
    with pytest.raises(BadUsage, match="The rule SRC-001 is in the rulebook, but not in force"):
        chosen_rules(law, ["SRC-001"], [], words_of("en"))
    assert len(load_cases(law)) == sum(case.rule != "SRC-001" for case in load_cases(load("kz/majilis-2023")))


# --- conditions on an amount that nobody can read ---


def test_an_unread_refund_may_lower_a_sum_whatever_amounts_it_is_about(book, tmp_path):
    edit(
        book,
        DONATIONS,
        "less: [{kinds: [donation_refund], where: [",
        "less: [{kinds: [donation_refund], where: [{column: amount, at_least: {parameter: subsidy_media}}, ",
    )
    lines = ["contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name"]
    lines += [
        f"S,single_mandate,2023-03-01,{kind},{amount},individual,A" for kind, amount in (("donation", "8000000"), ("donation_refund", "?"))
    ]
    (tmp_path / "reports.csv").write_text("\n".join(lines) + "\n")
    made = audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15), select=["DON-001"]), load(book), words_of("en"))
    assert [str(one.outcome) for one in made.findings] == ["undetermined"]


def test_a_lead_near_the_limits_of_rules_that_tell_different_cells(book, tmp_path):
    edit(book, "majilis-2023/leads.yaml", "rules: [EXP-001, EXP-002], share", "rules: [EXP-001, FND-003], share")
    lines = ["contestant_id,contest,date,kind,amount,category", "S,single_mandate,2023-03-01,own_funds,13900000,"]
    lines += ["T,single_mandate,2023-03-01,expenditure,48500000,radio"]
    (tmp_path / "reports.csv").write_text("\n".join(lines) + "\n")
    made = audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15), select=["LED-011"]), load(book), words_of("en"))
    assert [(one.contestant_id, str(one.limit), len(one.lines)) for one in made.findings] == [
        ("S", "14000000.00", 1),
        ("T", "49000000.00", 1),
    ]


@pytest.mark.parametrize(("amount", "outcome"), [("?", "undetermined"), ("199", None), ("201", "breach")])
@pytest.mark.parametrize("nots", [0, 1, 2])
def test_an_unread_amount_may_meet_a_condition(book, tmp_path, amount, outcome, nots):
    over = "{column: amount, at_least: {parameter: subsidy_media}}"
    test = [over, "{not: {column: amount, under: {parameter: subsidy_media}}}", f"{{not: {{any: [{{not: {over}}}]}}}}"][nots]
    edit(book, SOURCES, "where: [{column: counterparty_type, is: charity}]", f"where: [{{column: counterparty_type, is: charity}}, {test}]")
    edit(book, PARAMETERS, 'value: "450000.00"', 'value: "200.00"')
    (tmp_path / "reports.csv").write_text(
        f"contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name\nS,single_mandate,2023-03-01,donation,{amount},charity,A\n"
    )
    made = audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15), select=["SRC-002"]), load(book), words_of("en"))
    assert [str(one.outcome) for one in made.findings] == ([outcome] if outcome else [])


# --- empty files ---

EMPTY = ["", "\n\n", "# nothing is left of it\n"]
NULL = ["---\n", "~\n"]


@pytest.mark.parametrize("content", [*EMPTY, *NULL])
def test_an_empty_rule_file_is_refused(book, content):
    (book.parent / SOURCES).write_text(content, encoding="utf-8")
    assert any(one.startswith(SOURCES) for one in refused(book))


@pytest.mark.parametrize("file", ["vocabulary.yaml", "phrases.yaml", PARAMETERS, ELECTION])
@pytest.mark.parametrize("content", EMPTY)
def test_any_empty_file_is_the_only_mistake_that_is_told(book, file, content):
    (book.parent / file).write_text(content, encoding="utf-8")
    (mistake,) = refused(book)
    assert mistake.startswith(f"{file}, line 1, column 1: the file is empty")


@pytest.mark.parametrize(
    ("part", "file", "meant"),
    [
        ("vocabulary", "vocabulary.yaml", "the files of the folder above are part of a rulebook, so copy them with it"),
        ("election", ELECTION, "name the folder of one election"),
    ],
)
def test_a_rulebook_without_its_election_or_vocabulary(book, part, file, meant):
    (book.parent / file).unlink()
    (mistake,) = refused(book)
    assert mistake == f"majilis-2023: no file of the rulebook has {part!r}; {meant}."


def test_a_copy_of_the_folder_alone_is_told_what_to_copy_with_it(book, tmp_path):
    alone = tmp_path / "alone" / "mine"
    shutil.copytree(book, alone)
    (mistake,) = refused(alone)
    assert mistake.startswith("mine: ") and "copy them with it" in mistake


def test_parameters_that_are_gone_are_missed_by_every_rule_that_names_them(book):
    (book.parent / PARAMETERS).unlink()
    mistakes = refused(book)
    assert any("DON-001: there is no parameter 'donation_cap_individual'." in one for one in mistakes)
    assert all(ANY_PLACE.match(one) for one in mistakes)


@pytest.mark.parametrize("name", ["kz/majilis-2032", "kz/majlis-2023", "", "nowhere", str(ROOT / "rules")])
def test_a_folder_that_is_no_rulebook(name):
    with pytest.raises(BadRulebook, match=r"there is no rulebook; shipped: .*kz/majilis-2023|no file of the rulebook has"):
        load(name)


# --- hostile YAML, in a process of its own that may take 4 s and 1 GB ---

LIMITS = {"CPU": 4, "AS": 1 << 30}


def one_line_each(done):
    assert done.returncode == 2, done.stderr[-300:]
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert lines and all(re.match(r"^[\w/.-]+(, line [0-9]+(, column [0-9]+)?)?: ", line) for line in lines), lines
    return lines


def test_an_alias_bomb_is_refused(book):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (book.parent / DONATIONS).write_text("\n".join(lines), encoding="utf-8")
    one_line_each(lint(book, **LIMITS))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("rules: " + "[" * 500 + "]" * 500, id="500 brackets", marks=deep_only),
        pytest.param("rules: " + "[" * 100_000 + "]" * 100_000, id="100,000 brackets"),
        pytest.param("rules: " + "{a: " * 100_000 + "}" * 100_000, id="100,000 braces", marks=deep_only),
        pytest.param("rules:\n" + "- " * 100_000 + "x", id="100,000 hyphens"),
        pytest.param("rules:\n" + "-  " * 100_000 + "x", id="100,000 hyphens with two spaces", marks=deep_only),
        pytest.param("? " * 100_000 + "x", id="100,000 question marks", marks=deep_only),
        pytest.param("- ? " * 100_000 + "x", id="hyphens and question marks"),
        pytest.param("".join(" " * n + "-\n" for n in range(500)), id="500 hyphens by indentation", marks=deep_only),
        pytest.param("".join(" " * n + "a:\n" for n in range(1900)), id="1,900 keys by indentation"),
    ],
)
def test_lists_nested_without_end_are_refused(book, text):
    (book.parent / DONATIONS).write_text(text, encoding="utf-8")
    one_line_each(lint(book, **LIMITS))


def test_the_name_of_a_parameter_may_have_digits(book):
    for path in book.parent.rglob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("donation_cap_individual", "donation_cap_100mw"), encoding="utf-8")
    assert load(book)


def test_an_alias_is_written_out_where_it_is_meant(book):
    text = (book.parent / DONATIONS).read_text(encoding="utf-8")
    needs = "needs: [reports.counterparty_type, reports.counterparty_id | reports.counterparty_name]"
    assert text.count(needs) == 3
    text = text.replace(needs, needs.replace("needs: ", "needs: &donor "), 1).replace(needs, "needs: *donor")
    (book.parent / DONATIONS).write_text(text, encoding="utf-8")
    assert "an alias" in refused(book)[0]


@pytest.mark.parametrize("tag", ['!!python/object/apply:os.system ["touch owned"]', "!!python/name:os.system x", "!include /etc/passwd"])
def test_a_tag_runs_nothing(book, tmp_path, monkeypatch, tag):
    monkeypatch.chdir(tmp_path)
    edit(book, DONATIONS, "severity: major", f"severity: {tag}")
    (mistake,) = refused(book)
    assert mistake.startswith(f"{DONATIONS}, line 12, column ")
    assert not (tmp_path / "owned").exists()


# --- SQL ---

HOSTILE = [
    "x' OR '1'='1",
    "'; DROP TABLE books; --",
    "' UNION ALL SELECT * FROM contestants --",
    "''",
    "O'Brien\\",
    "\\' OR 1=1 --",
    'a" OR ""="',
    "b.amount",
    "CAST(NULL AS INT)",
    "%",
    "x\u02bc OR 1=1",
]


def yaml_quoted(text):
    return "'" + text.replace("'", "''") + "'"


def without_literals(sql):
    return re.sub(r"'(?:[^']|'')*'", "?", sql)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("test", ["is: {}", "is_not: {}", "in: [Nobody, {}]"])
def test_sql_in_a_condition_is_only_a_quoted_literal(book, text, test):
    shipped = compile_rule(load("kz/majilis-2023"), load("kz/majilis-2023").rule("SRC-002")).sql
    edit(book, SOURCES, "column: counterparty_type, is: charity", f"column: counterparty_name, {test.format(yaml_quoted(text))}")
    law = load(book)
    sql = compile_rule(law, law.rule("SRC-002")).sql
    assert "'" + text.replace("'", "''") + "'" in sql
    # The name of a counterparty stands in every row of evidence, and its type only where a rule asks for it.
    bare = without_literals(shipped).replace("b.counterparty_type = ?", "b.counterparty_name = ?").replace(", b.counterparty_type\n", "\n")
    shape = {"is: {}": "= ?", "is_not: {}": "<> ?", "in: [Nobody, {}]": "IN (?, ?)"}[test]
    assert without_literals(sql) == bare.replace("b.counterparty_name = ?", f"b.counterparty_name {shape}")


@pytest.mark.parametrize("text", HOSTILE)
def test_sql_in_a_parameter_is_only_a_quoted_literal(book, text):
    shipped = compile_rule(load("kz/majilis-2023"), load("kz/majilis-2023").rule("ACC-001")).sql
    edit(book, PARAMETERS, 'value: "601"', f"value: {yaml_quoted(text)}")
    law = load(book)
    sql = compile_rule(law, law.rule("ACC-001")).sql
    assert "'" + text.replace("'", "''") + "'" in sql
    assert without_literals(sql) == without_literals(shipped)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_value_finds_the_line_that_has_it_and_no_other(book, tmp_path, text):
    edit(book, SOURCES, "column: counterparty_type, is: charity", f"column: counterparty_name, is: {yaml_quoted(text)}")
    cell = '"' + text.replace('"', '""') + '"'
    rows = "".join(
        f"S,single_mandate,2023-03-01,donation,{n}.00,individual,{name}\n" for n, name in enumerate(["Nobody", cell, "x", "1"], 1)
    )
    (tmp_path / "reports.csv").write_text(
        "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name\n" + rows, encoding="utf-8"
    )
    made = audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15), select=["SRC-002"]), load(book), words_of("en"))
    assert [(f.measured, [line.place.row for line in f.lines]) for f in made.findings] == [(Decimal("2.00"), [3])]


def test_a_code_column_takes_no_sql(book):
    text = edit(book, SOURCES, "is: charity", "is: \"charity' OR '1'='1\"")
    (mistake,) = refused(book)
    assert mistake.startswith(place(SOURCES, text, "is: \"charity'"))
    assert "counterparty_type is never" in mistake


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (SOURCES, "column: counterparty_type, is: charity", 'column: "amount) FROM books; --", is: charity'),
        (SOURCES, "kinds: [donation]", 'kinds: ["donation\' OR 1=1 --"]'),
        (SUBSIDIES, "columns: [counterparty_id, invoice_no]", 'columns: ["1=1) --", invoice_no]'),
        (ACCOUNTS, "first: registered_on", 'first: "registered_on, 1"'),
        (ACCOUNTS, 'part: "1:2"', 'part: "1:2) OR (1"'),
        (DEPOSITS, "fact: registered_on", 'fact: "x OR 1"'),
    ],
    ids=["column", "kind", "columns", "first", "part", "fact"],
)
def test_sql_in_place_of_a_name_is_refused(book, file, old, new):
    edit(book, file, old, new)
    assert all(one.startswith(f"{file}, line ") for one in refused(book))


# --- numbers of the law in the compiled SQL ---


def refund(book, tmp_path, threshold, share):
    if threshold != "5":
        edit(book, PARAMETERS, 'value: "5", source: election_law_88', f'value: "{threshold}", source: election_law_88')
    (tmp_path / "reports.csv").write_text("contestant_id,contest,date,kind,amount\nS,single_mandate,2023-04-01,deposit_refund,1050000.00\n")
    (tmp_path / "contestants.csv").write_text(
        f"contestant_id,contest,name,status,vote_share,elected\nS,single_mandate,N,registered,{share},no\n"
    )
    made = audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15), select=["DEP-003"]), load(book), words_of("en"))
    return [str(f.outcome) for f in made.findings]


@pytest.mark.parametrize(
    ("threshold", "share", "outcomes"),
    [
        ("5", "5", []),
        ("5", "4.999999999999999999", ["breach"]),
        ("4.99", "4.99", []),
        ("4.99", "4.989", ["breach"]),
        pytest.param("4.991", "4.9905", ["breach"]),
        pytest.param("4.999", "4.9995", []),
    ],
)
def test_a_per_cent_of_the_law_is_compared_exactly(book, tmp_path, threshold, share, outcomes):
    assert refund(book, tmp_path, threshold, share) == outcomes


# --- the command ---


def test_lint_tells_each_mistake_on_a_line_of_its_own(book):
    edits = [
        (DONATIONS, "is: individual", "is: indivdual"),
        (FUND, "limit: own_funds_limit_party", "limit: subsidised_articles"),
        (SPENDING, "event: campaign_end", "event: campaign_and"),
        (PARAMETERS, CAP, 'value: "7_000_000"'),
        ("phrases.yaml", "come to {measured} KZT", "come to {sum} KZT"),
    ]
    for file, old, new in edits:
        edit(book, file, old, new)
    lines = one_line_each(lint(book))
    assert lines == list(refused(book))
    assert sorted(line.split(",")[0] for line in lines) == sorted(file for file, _, _ in edits)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (DONATIONS, "    severity: major", "    severitty: major"),
        (DONATIONS, "    severity: major", "\tseverity: major"),
        (DONATIONS, "    severity: major\n", "    severity: major\n    severity: minor\n"),
        (DONATIONS, "kind: limit", "kind: limmit"),
        (PARAMETERS, CAP, 'value: "7000000.00\\nor so"'),
        (DONATIONS, "is: individual", 'is: "in\\ndivid\\tual"'),
    ],
    ids=["unknown key", "tab", "duplicate key", "unknown kind", "value of two lines", "code of two lines"],
)
def test_lint_of_one_mistake(book, file, old, new):
    edit(book, file, old, new)
    assert all(line.startswith(f"{file}, line ") for line in one_line_each(lint(book)))


@pytest.mark.parametrize("of", [("list",), ("show", "DON-001"), ("sql", "DON-001"), ("test", "DON-001")])
def test_every_command_of_the_rules_refuses_the_same(book, of):
    edit(book, DONATIONS, "is: individual", "is: indivdual")
    done = as_text(command("rules", *of, "--rulebook", book))
    assert done.stderr.splitlines() == list(refused(book))
    assert done.returncode == 2


def test_check_writes_nothing_with_a_rulebook_that_does_not_load(book, tmp_path):
    edit(book, DONATIONS, "is: individual", "is: indivdual")
    reports = tmp_path / "reports.csv"
    reports.write_text("contestant_id,contest,date,kind,amount\nS,single_mandate,2023-03-01,own_funds,1.00\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "auditor.cli.main",
            "check",
            str(reports),
            "--rulebook",
            str(book),
            "--output",
            f"json={tmp_path / 'out.json'}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == list(refused(book))
    assert not (tmp_path / "out.json").exists()
