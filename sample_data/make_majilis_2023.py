"""Writes sample_data/majilis-2023/: one small election with invented people, organisations and numbers.

Run it as `python sample_data/make_majilis_2023.py`. The result is the same every time: the seed of the random numbers is
fixed and no clock is asked. What was planted on purpose stands in the functions under "Breaches", each with its rule; what
was planted in the lists of candidates stands in majilis_2023_tables.py. The names, the numbers and the ordinary campaign are
those of majilis_2023_books.py.
"""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

from majilis_2023_books import (
    CAMPAIGN_START,
    CAP_OF_A_PERSON,
    CAP_OF_AN_ORGANISATION,
    DEPOSIT,
    FINAL_REPORT_END,
    INTERIM_REPORTS,
    MILLION,
    TENGE,
    THOUSAND,
    VENDORS,
    Contestant,
    Register,
    balance_on,
    claim_within_the_caps,
    deposit,
    deposit_refund,
    donation,
    donation_refund,
    exactly_at_the_cap_in_odd_instalments,
    expenditure,
    give_rest_to_budget,
    iban,
    money,
    own_funds,
    receive_donations,
    receive_own_funds,
    spend,
    subsidy,
    supplier_pays_back,
    words_of,
)
from majilis_2023_tables import CANDIDATE_COLUMNS, PRICE_COLUMNS, STATEMENT_COLUMNS, candidate_rows, price_rows, statement_rows

FOLDER = Path(__file__).resolve().parent / "majilis-2023"
SEED = 20230319

REPORT_COLUMNS = words_of(
    "contestant_id contest contestant_name district report_id report_type period_start period_end received_on date kind amount "
    "counterparty_type counterparty_name counterparty_id counterparty_account fund_account payment_method funding_source "
    "category description contract_no invoice_no quantity unit_price"
)
CONTESTANT_COLUMNS = words_of(
    "contestant_id contest name nominated_by district commission registered_on status status_on fund_account "
    "account_opened_on list_size last_vote_share vote_share elected person_id"
)
FILING_COLUMNS = words_of(
    "report_id contestant_id report_type period_start period_end received_on submitted_to published_on opening_balance "
    "own_funds donations total_receipts total_spent closing_balance"
)

# --- Breaches -------------------------------------------------------------------------------------------------------


def one_tiyn_over_the_cap(contestant):  # DON-001
    donor = contestant.register.person()
    for number, part in enumerate([233333334, 233333333, 233333334]):
        donation(contestant, date(2023, 2, 20) + timedelta(days=8 * number), part, donor)


def over_the_cap_and_partly_refunded(contestant):  # DON-003: 8,000,000 at the end of 2 March, 6,900,000 since 7 March
    donor = contestant.register.person()
    donation(contestant, date(2023, 2, 22), 4_500_000 * TENGE, donor)
    donation(contestant, date(2023, 3, 2), 3_500_000 * TENGE, donor)
    donation_refund(contestant, date(2023, 3, 7), 1_100_000 * TENGE, donor)


def organisation_over_its_cap(contestant):  # DON-002: 36,500,000.00 in two payments
    donor = contestant.register.organisation()
    donation(contestant, date(2023, 2, 21), 20 * MILLION, donor, "organisation")
    donation(contestant, date(2023, 3, 6), 16_500_000 * TENGE, donor, "organisation")


def donations_of_the_state(contestant):  # SRC-001: a local government, and a state-funded organisation
    register = contestant.register
    donation(contestant, date(2023, 2, 27), 1_500_000 * TENGE, register.named("Қиялбұлақ ауылдық округінің әкімдігі"), "local_government")
    school = register.named("КГП «Дворец культуры посёлка Нигдеевка»")
    donation(contestant, date(2023, 3, 3), 800 * THOUSAND, school, "state_funded_organisation")


def donation_of_a_charity(contestant):  # SRC-002
    donor = contestant.register.named("«Жылы қолғап» қайырымдылық қоры")
    donation(contestant, date(2023, 2, 24), 350_000 * TENGE + 50, donor, "charity")


def donation_of_a_religious_organisation_refunded(contestant):  # SRC-003, remedied
    donor = contestant.register.named("Религиозное объединение «Тихая долина»")
    donation(contestant, date(2023, 2, 27), 600 * THOUSAND, donor, "religious_organisation")
    donation_refund(contestant, date(2023, 3, 2), 600 * THOUSAND, donor, "religious_organisation")


def donation_of_a_religious_organisation(contestant):  # SRC-003, not refunded
    donor = contestant.register.named("«Сарқыт» діни бірлестігі")
    donation(contestant, date(2023, 3, 1), 275 * THOUSAND, donor, "religious_organisation")


def donations_from_abroad(contestant):  # SRC-004: a foreign share; and a BIN whose fifth digit 5 says non-resident
    register = contestant.register
    donation(contestant, date(2023, 2, 23), 12 * MILLION, register.named("ТОО «Заморский фрегат»"), "foreign_owned")
    office = register.named("Representative office of Faraway Teapots Ltd", kind="50")
    donation(contestant, date(2023, 3, 1), 4_250_000 * TENGE, office, "organisation")


def anonymous_donations(contestant):  # SRC-005: 65,000 came, 25,000 went on to the budget
    donation(contestant, date(2023, 2, 25), 25 * THOUSAND, None, "anonymous", description="Жіберуші көрсетілмеген")
    donation(contestant, date(2023, 3, 4), 40 * THOUSAND, None, "individual", description="Без указания отправителя")
    contestant.line(
        "budget_transfer",
        date(2023, 3, 9),
        25 * THOUSAND,
        counterparty_type="anonymous",
        description="Анонимное пожертвование передано в бюджет",
    )


def donation_in_kind(contestant):  # SRC-006
    donation(
        contestant,
        date(2023, 2, 26),
        480 * THOUSAND,
        contestant.register.person(),
        payment_method="in_kind",
        fund_account="",
        description="Мебель для штаба",
    )


def public_funding_in_the_fund(contestant):  # SRC-007: own funds and one bill
    own_funds(contestant, date(2023, 2, 23), 5 * MILLION, funding_source="annual_public_funding")
    expenditure(contestant, date(2023, 3, 10), 3 * MILLION, "outdoor", funding_source="annual_public_funding")


def donation_by_the_candidate(contestant):  # FND-003: own_funds lines of 14,000,000 and this are together over the limit
    donation(contestant, date(2023, 3, 3), 200 * THOUSAND, contestant.itself, "contestant")


def paid_before_the_money_came(contestant):  # FND-005: on 22 and 23 February the fund is overdrawn; the bank paid on the 24th
    short_by = 750_000 * TENGE + 50
    amount = balance_on(contestant, date(2023, 2, 22)) + short_by
    expenditure(contestant, date(2023, 2, 22), amount, "outdoor", bank={"date": date(2023, 2, 24)})
    donation(contestant, date(2023, 2, 24), 6 * MILLION, contestant.register.organisation(), "organisation")


def paid_after_the_campaign(contestant):  # EXP-003
    expenditure(contestant, date(2023, 3, 21), 310 * THOUSAND, "premises")


def gifts_for_voters(contestant):  # EXP-004: goods and charity
    expenditure(contestant, date(2023, 3, 6), 420 * THOUSAND, "gifts")
    expenditure(contestant, date(2023, 3, 8), 185_500 * TENGE, "charity")


def media_claims_over_the_cap(contestant):  # SUB-001 (600,000) and SUB-008 (three claims for periodicals)
    subsidy(contestant, date(2023, 2, 27), 300 * THOUSAND, "television")
    for day in (2, 6, 9):
        subsidy(contestant, date(2023, 3, day), 100 * THOUSAND, "periodicals", description=f"Мақала, {day} наурыз")


def event_and_print_claims_over_the_cap(contestant):  # SUB-002: one tiyn over
    subsidy(contestant, date(2023, 3, 3), 180 * THOUSAND, "public_events")
    subsidy(contestant, date(2023, 3, 10), 120 * THOUSAND + 1, "printed_materials")


def transport_claims_over_the_cap(contestant):  # SUB-003: 318,000 with the invoice that was paid twice
    subsidy(contestant, date(2023, 3, 1), 140 * THOUSAND, "transport")
    subsidy(contestant, date(2023, 3, 8), 90 * THOUSAND, "transport", description="Автобус жалдау")


def party_claims_a_subsidy(contestant):  # SUB-004
    subsidy(contestant, date(2023, 3, 6), 400 * THOUSAND, "television")


def claim_for_what_is_not_covered(contestant):  # SUB-005: premises
    subsidy(contestant, date(2023, 3, 7), 95 * THOUSAND, "premises")


def claims_without_documents(contestant):  # SUB-006: one without contract, one without invoice
    subsidy(contestant, date(2023, 3, 4), 60 * THOUSAND, "radio", contract_no="")
    subsidy(contestant, date(2023, 3, 11), 45 * THOUSAND, "printed_materials", invoice_no="")


def claim_paid_to_the_candidate(contestant):  # SUB-007
    line = subsidy(contestant, date(2023, 3, 12), 70 * THOUSAND, "public_events")
    line.update({f"counterparty_{part}": contestant.itself[part] for part in ("name", "id", "account")}, counterparty_type="contestant")


def one_invoice_paid_twice(contestant):  # SUB-009: out of the fund and out of the budget
    bill = expenditure(contestant, date(2023, 3, 7), 88 * THOUSAND, "transport")
    subsidy(contestant, date(2023, 3, 14), 88 * THOUSAND, "transport", contract_no=bill["contract_no"], invoice_no=bill["invoice_no"])


def deposit_too_small(contestant):  # DEP-001: half of what is required; DEP-002: two days after registration
    paid_on = date.fromisoformat(contestant.row["registered_on"]) + timedelta(days=2)
    deposit(contestant, paid_on, DEPOSIT // 2)


def deposit_given_back_for_nothing(contestant):  # DEP-003: not elected, under 5 per cent
    deposit_refund(contestant, date(2023, 3, 27), DEPOSIT // 2)


def money_through_another_bank(contestant):  # ACC-001, and ACC-002 with it; BNK-001, for that bank sent no statement
    account = contestant.register.account("722")
    donation(contestant, date(2023, 3, 1), 500 * THOUSAND, contestant.register.person(), fund_account=account)


def money_through_another_account(contestant):  # ACC-002: the right bank, which shows that account too
    account = contestant.register.account("601")
    donation(contestant, date(2023, 3, 6), 340 * THOUSAND, contestant.register.person(), fund_account=account)


def cash(contestant):  # ACC-003: a donation and a bill
    donation(contestant, date(2023, 2, 28), 150 * THOUSAND, contestant.register.person(), payment_method="cash")
    expenditure(contestant, date(2023, 3, 4), 62 * THOUSAND, "other_services", payment_method="cash")


def account_opened_before_registration(contestant):  # ACC-004: three days
    opened = date.fromisoformat(contestant.row["registered_on"]) - timedelta(days=3)
    contestant.row["account_opened_on"] = opened.isoformat()


def money_before_the_account_was_opened(contestant):  # ACC-005: own funds of 19 February
    contestant.row["account_opened_on"] = "2023-02-20"


def donation_that_vanished(contestant):  # RPT-008: in the first interim report, not in the final one; BNK-002: the bank has it
    line = donation(contestant, date(2023, 2, 27), 220 * THOUSAND, contestant.register.person())
    line["only_interim"] = True


def structured_donations(contestant):  # LED-001 (and DON-001): two payments in one week, each under the cap
    donor = contestant.register.person()
    donation(contestant, date(2023, 3, 3), 4_900_000 * TENGE, donor)
    donation(contestant, date(2023, 3, 6), 2_600_000 * TENGE, donor)


def number_with_a_wrong_check_digit(contestant):  # LED-008
    donor = contestant.register.person()
    donor["id"] = donor["id"][:-1] + str((int(donor["id"][-1]) + 1) % 10)
    donation(contestant, date(2023, 3, 7), 130 * THOUSAND, donor)


def amount_that_cannot_be_read(contestant):  # a problem; EXP-001 becomes undetermined
    line = expenditure(contestant, date(2023, 3, 2), 100_050, "other_services", quantity="", unit_price="")
    line["amount"] = "1.000,50"


def donor_of_no_type(contestant):  # a problem; DON-001 and DON-002 of that donor become undetermined
    donation(contestant, date(2023, 3, 1), 260 * THOUSAND, contestant.register.person(), counterparty_type="")


def number_without_its_first_digit(contestant):  # a note: the spreadsheet ate the leading zero
    donor = contestant.register.named("ТОО «Нулевой километр»", year=7)
    donor["id"] = donor["id"].lstrip("0")
    donation(contestant, date(2023, 3, 6), 640 * THOUSAND, donor, "organisation")


def cash_that_the_bank_never_saw(contestant):  # ACC-003, BNK-001
    cash(contestant)
    for line in contestant.lines:
        if line["payment_method"] == "cash":
            line["bank"] = None


def bill_with_swapped_digits(contestant):  # BNK-001 and BNK-002: 1,245,000 in the books, 1,254,000 at the bank
    expenditure(contestant, date(2023, 3, 9), 1_245 * THOUSAND, "outdoor", bank={"amount": 1_254 * THOUSAND})


def fee_without_a_row(contestant):  # BNK-003: the balance falls by a fee that the statement does not show
    contestant.fees_without_a_row.append((date(2023, 3, 6), 1_500 * TENGE))


def outlet_without_a_price_list(contestant):  # EXP-005: two bills
    vendor = contestant.register.named("«Қауесет желісі» ЖШС")
    for day, amount in ((2, 350 * THOUSAND), (8, 240 * THOUSAND)):
        cells = {"description": "Жарияланым, екі апта", "quantity": "", "unit_price": ""}
        expenditure(contestant, date(2023, 3, day), amount, "social_media", vendor, **cells)


def price_that_is_not_listed(contestant):  # EXP-006: 18,000 a second; listed are 25,000, 10,000 and 2,000
    expenditure(contestant, date(2023, 3, 3), 720 * THOUSAND, "television", quantity="40", unit_price=money(18_000 * TENGE))


def line_of_the_month_before(contestant):  # RPT-010: dated 27 February, filed in the report of 1 to 15 March
    donation(contestant, date(2023, 2, 27), 330 * THOUSAND, contestant.register.person(), entered=date(2023, 3, 2))


def same_amount_on_one_day(contestant, donors):  # LED-002 from five donors on
    for _ in range(donors):
        donation(contestant, date(2023, 3, 1), 450 * THOUSAND, contestant.register.person())


def one_account_for_several_donors(contestant, amounts):  # LED-003 from three donors on
    account = contestant.register.account()
    for number, amount in enumerate(amounts):
        donation(contestant, date(2023, 2, 26 + number), amount, {**contestant.register.person(), "account": account})


def bill_entered_twice(contestant):  # LED-004; the bank paid it once: BNK-001
    bill = expenditure(contestant, date(2023, 3, 7), 185 * THOUSAND, "printed_materials")
    contestant.lines.append({**bill, "bank": None})


def one_number_with_two_names(contestant):  # LED-005: the surname of before the wedding
    donor = contestant.register.person()
    donation(contestant, date(2023, 2, 24), 600 * THOUSAND, {**donor, "name": "Тростникова Агния Юлиановна"})
    donation(contestant, date(2023, 3, 8), 550 * THOUSAND, {**donor, "name": "Ивушкина Агния Юлиановна"})


def donor_of_two_funds(one, other, amount, more):  # LED-006 if both together are over the cap
    donor = one.register.person()
    donation(one, date(2023, 2, 23), amount, donor)
    donation(other, date(2023, 3, 2), more, donor)


def vendor_who_gives(contestant):  # LED-007: the landlord of the headquarters
    expenditure(contestant, date(2023, 2, 27), 640 * THOUSAND, "premises")
    donation(contestant, date(2023, 2, 22), 700 * THOUSAND, contestant.register.vendors["premises"], "organisation")


def one_donor_in_three_spellings(contestant):  # LED-009: 7,500,000; the books have no IIN, and the bank has the same one for all
    donor = contestant.register.person()
    names = ["Жұлдызтауов Әлібек Қайсарұлы", "Zhuldyztauov Alibek Kaisaruly", "Әлібек Қайсарұлы Жұлдызтауов"]
    for number, (name, amount) in enumerate(zip(names, [3 * MILLION, 2_500 * THOUSAND, 2 * MILLION], strict=True)):
        day = date(2023, 2, 21) + timedelta(days=9 * number)
        seen = {"counterparty_id": donor["id"], "counterparty_name": names[0]}
        donation(contestant, day, amount, {"name": name, "account": contestant.register.account()}, bank=seen)


def two_spellings_exactly_at_the_cap(contestant):  # LED-009 kept: 7,000,000.00
    for day, name in ((25, "Қауырсынова Томирис Арыстанқызы"), (28, "Kauyrsynova Tomiris Arystankyzy")):
        donor = {"name": name, "account": contestant.register.account()}
        donation(contestant, date(2023, 2, day), CAP_OF_A_PERSON // 2, donor)


# --- The contestants ------------------------------------------------------------------------------------------------


def party(rng, register, number, name, list_size, last_vote_share, vote_share):
    """A party list in the register, its deposit paid where one is due."""
    itself = register.named(name)
    row = {
        "contestant_id": f"PL-{number:02d}",
        "contest": "party_list",
        "name": name,
        "nominated_by": "party",
        "commission": "CEC",
        "registered_on": "2023-02-14",
        "status": "registered",
        "status_on": "2023-02-14",
        "fund_account": register.account("601"),
        "account_opened_on": "2023-02-15",
        "list_size": str(list_size),
        "last_vote_share": last_vote_share,
        "vote_share": vote_share,
        "elected": "yes" if float(vote_share) >= 5 else "no",
    }
    return Contestant(rng, register, row, itself)


def candidate(rng, register, district, number, name, nominated_by, vote_share, elected="no"):
    """A single-mandate candidate in the register."""
    itself = {**register.person(), "name": name}
    registered = date(2023, 2, 10) + timedelta(days=rng.randrange(6))
    row = {
        "contestant_id": f"SM-{district:02d}-{number:02d}",
        "contest": "single_mandate",
        "name": name,
        "nominated_by": nominated_by,
        "district": str(district),
        "commission": f"DEC-{district}",
        "registered_on": registered.isoformat(),
        "status": "registered",
        "status_on": registered.isoformat(),
        "fund_account": register.account("601"),
        "account_opened_on": (registered + timedelta(days=1)).isoformat(),
        "vote_share": vote_share,
        "elected": elected,
        "person_id": itself["id"],
    }
    return Contestant(rng, register, row, itself)


def pay_deposit(contestant, amount=DEPOSIT):
    """The whole deposit, two days before registration."""
    deposit(contestant, date.fromisoformat(contestant.row["registered_on"]) - timedelta(days=2), amount)


def party_over_its_limits(rng, register):
    contestant = party(rng, register, 1, "«Көгілдір таң» партиясы", 40, "9.2", "41.7")
    receive_own_funds(contestant, 345 * MILLION, 4)
    organisation_over_its_cap(contestant)
    donations_from_abroad(contestant)
    receive_donations(contestant, 38, 226_750_000 * TENGE, 14, 450 * MILLION)  # FND-002: 729,500,000 with the two above
    spend(contestant, 1_052_340_000 * TENGE + 25, 26)  # EXP-002
    return contestant


def party_exactly_at_its_limits(rng, register):
    contestant = party(rng, register, 2, "Партия «Степной ветер»", 32, "3.4", "27.1")
    pay_deposit(contestant, DEPOSIT * 32 // 2)
    deposit_refund(contestant, date(2023, 3, 27), DEPOSIT * 32 // 2)
    receive_own_funds(contestant, 350 * MILLION, 3)  # FND-001 kept
    for day in (23, 27):  # DON-002 kept
        donation(contestant, date(2023, 2, day), CAP_OF_AN_ORGANISATION, register.organisation(), "organisation")
    exactly_at_the_cap_in_odd_instalments(contestant, [233333333, 233333333, 233333334])
    exactly_at_the_cap_in_odd_instalments(contestant, [123456789, 576543211])
    receive_donations(contestant, 34, 204 * MILLION, 13, 412 * MILLION)  # FND-002 kept: 700,000,000.00
    spend(contestant, 900_000_000 * TENGE + 75, 22)
    supplier_pays_back(contestant, 1_250_000 * TENGE)
    give_rest_to_budget(contestant)
    return contestant


def party_with_public_money(rng, register):
    contestant = party(rng, register, 3, "«Алмалы бақ» партиясы", 25, "", "3.8")
    pay_deposit(contestant, DEPOSIT * 25)
    receive_own_funds(contestant, 347_000_000 * TENGE + 1, 3)  # FND-001 with the 5,000,000 of public money
    public_funding_in_the_fund(contestant)
    donations_of_the_state(contestant)
    receive_donations(contestant, 20, 61 * MILLION, 8, 118 * MILLION)
    spend(contestant, 455 * MILLION, 16)
    party_claims_a_subsidy(contestant)
    return contestant


def clean_winner(rng, register):
    contestant = candidate(rng, register, 1, 1, "Қарлығашов Тұмар Бұлбұлұлы", "party", "38.2", "yes")
    pay_deposit(contestant)
    deposit_refund(contestant, date(2023, 3, 27), DEPOSIT)
    receive_own_funds(contestant, 6 * MILLION)
    exactly_at_the_cap_in_odd_instalments(contestant, [199999999, 250000001, 250000000])
    exactly_at_the_cap_in_odd_instalments(contestant, [700000000])
    receive_donations(contestant, 9, 9_400_000 * TENGE, 2, 5_100_000 * TENGE)
    spend(contestant, 31_700_000 * TENGE + 40, 11)
    claim_within_the_caps(contestant)
    give_rest_to_budget(contestant)
    return contestant


def candidate_with_large_donors(rng, register):
    contestant = candidate(rng, register, 1, 2, "Ветряков Елизар Доброславович", "self", "21.4")
    pay_deposit(contestant)
    deposit_refund(contestant, date(2023, 3, 27), DEPOSIT)
    receive_own_funds(contestant, 3 * MILLION)
    one_tiyn_over_the_cap(contestant)
    over_the_cap_and_partly_refunded(contestant)
    exactly_at_the_cap_in_odd_instalments(contestant, [350000007, 349999993])
    receive_donations(contestant, 8, 6_200_000 * TENGE, 1, 2 * MILLION)
    spend(contestant, 27 * MILLION, 10)
    return contestant


def candidate_with_forbidden_sources(rng, register):
    contestant = candidate(rng, register, 1, 3, "Тюльпанова Инесса Казимировна", "public_association", "12.9")
    pay_deposit(contestant)
    receive_own_funds(contestant, 4_500_000 * TENGE)
    donation_of_a_charity(contestant)
    donation_of_a_religious_organisation_refunded(contestant)
    donation_of_a_religious_organisation(contestant)
    anonymous_donations(contestant)
    donation_in_kind(contestant)
    receive_donations(contestant, 10, 11 * MILLION, 2, 4 * MILLION)
    spend(contestant, 17_800_000 * TENGE, 10)
    claim_within_the_caps(contestant)
    return contestant


def candidate_who_spent_too_much(rng, register):
    contestant = candidate(rng, register, 2, 1, "Бәйшешекова Ұлпан Сырымқызы", "party", "44.0", "yes")
    pay_deposit(contestant)
    receive_own_funds(contestant, 14 * MILLION, 3)
    donation_by_the_candidate(contestant)
    receive_donations(contestant, 9, 21 * MILLION, 4, 14 * MILLION)  # FND-004 kept: exactly 35,000,000.00
    spend(contestant, 49_000_000 * TENGE + 1, 12)  # EXP-001: one tiyn over
    return contestant


def candidate_in_the_red(rng, register):
    contestant = candidate(rng, register, 2, 2, "Грушин Аверьян Пантелеевич", "self", "9.6")
    pay_deposit(contestant)
    receive_own_funds(contestant, 2 * MILLION)
    receive_donations(contestant, 11, 18_700_000 * TENGE, 3, 12 * MILLION)
    paid_before_the_money_came(contestant)  # with its donation FND-004: 36,850,000
    cash_that_the_bank_never_saw(contestant)
    donation_that_vanished(contestant)
    claims_without_documents(contestant)
    claim_paid_to_the_candidate(contestant)
    spend(contestant, 29 * MILLION, 10)
    return contestant


def candidate_with_many_claims(rng, register):
    contestant = candidate(rng, register, 3, 1, "Сарықызов Лашын Қобызұлы", "public_association", "18.3")
    pay_deposit(contestant)
    receive_own_funds(contestant, 5 * MILLION)
    receive_donations(contestant, 9, 9 * MILLION, 2, 3_300_000 * TENGE)
    media_claims_over_the_cap(contestant)
    event_and_print_claims_over_the_cap(contestant)
    transport_claims_over_the_cap(contestant)
    claim_for_what_is_not_covered(contestant)
    one_invoice_paid_twice(contestant)
    spend(contestant, 15_900_000 * TENGE, 9)
    return contestant


def clean_with_a_corrected_report(rng, register):
    contestant = candidate(rng, register, 3, 2, "Ольховская Ия Венедиктовна", "self", "33.5", "yes")
    pay_deposit(contestant)
    receive_own_funds(contestant, 3_750_000 * TENGE)
    receive_donations(contestant, 11, 14_200_000 * TENGE + 33, 2, 3_900_000 * TENGE)
    spend(contestant, 20_600_000 * TENGE, 10)
    supplier_pays_back(contestant, 95 * THOUSAND)
    claim_within_the_caps(contestant)
    return contestant


def candidate_with_wrong_accounts(rng, register):
    contestant = candidate(rng, register, 4, 1, "Мамырханов Дәстан Айдынұлы", "party", "29.9", "yes")
    pay_deposit(contestant)
    account_opened_before_registration(contestant)
    receive_own_funds(contestant, 4 * MILLION)
    receive_donations(contestant, 10, 10_800_000 * TENGE, 2, 4_400_000 * TENGE)
    money_through_another_bank(contestant)
    money_through_another_account(contestant)
    gifts_for_voters(contestant)
    spend(contestant, 17_500_000 * TENGE, 9)
    paid_after_the_campaign(contestant)
    return contestant


def candidate_without_a_final_report(rng, register):
    contestant = candidate(rng, register, 4, 2, "Фиалкин Модест Ильдарович", "self", "6.1")
    pay_deposit(contestant)
    receive_own_funds(contestant, 2_200_000 * TENGE)
    receive_donations(contestant, 8, 5_600_000 * TENGE, 1, 1_500_000 * TENGE)
    spend(contestant, 8_400_000 * TENGE, 8)
    return contestant


def candidate_with_a_small_deposit(rng, register):
    contestant = candidate(rng, register, 5, 1, "Қызғалдақова Жұпар Самалқызы", "self", "2.7")
    deposit_too_small(contestant)
    deposit_given_back_for_nothing(contestant)
    money_before_the_account_was_opened(contestant)
    receive_own_funds(contestant, 3_100_000 * TENGE)
    structured_donations(contestant)
    number_with_a_wrong_check_digit(contestant)
    receive_donations(contestant, 8, 6_900_000 * TENGE, 2, 3 * MILLION)
    spend(contestant, 18_200_000 * TENGE, 9)
    return contestant


def withdrawn_candidate_with_an_untidy_report(rng, register):
    contestant = candidate(rng, register, 5, 2, "Незабудкин Ростислав Ясонович", "self", "")
    contestant.row.update({"status": "withdrawn", "status_on": "2023-03-15", "elected": "no"})
    pay_deposit(contestant)
    receive_own_funds(contestant, 1_800_000 * TENGE)
    receive_donations(contestant, 8, 4_700_000 * TENGE, 1, 900 * THOUSAND)
    amount_that_cannot_be_read(contestant)
    donor_of_no_type(contestant)
    number_without_its_first_digit(contestant)
    spend(contestant, 6_100_000 * TENGE, 8)
    return contestant


def candidate_with_odd_donors(rng, register):
    contestant = candidate(rng, register, 6, 1, "Бозторғаев Самұрық Қыранұлы", "self", "28.4")
    pay_deposit(contestant)
    deposit_refund(contestant, date(2023, 3, 27), DEPOSIT)
    receive_own_funds(contestant, 13_500 * THOUSAND)
    same_amount_on_one_day(contestant, 5)
    one_account_for_several_donors(contestant, [380 * THOUSAND, 410 * THOUSAND, 395 * THOUSAND])
    one_number_with_two_names(contestant)
    one_donor_in_three_spellings(contestant)
    receive_donations(contestant, 0, 0, 2, 15 * MILLION)
    vendor_who_gives(contestant)
    return contestant


def candidate_with_careless_books(rng, register):
    contestant = candidate(rng, register, 6, 2, "Карамелькина Стефания Львовна", "party", "15.2")
    pay_deposit(contestant)
    deposit_refund(contestant, date(2023, 3, 27), DEPOSIT)
    receive_own_funds(contestant, 4 * MILLION)
    receive_donations(contestant, 5, 7 * MILLION, 1, 3 * MILLION)
    line_of_the_month_before(contestant)
    price_that_is_not_listed(contestant)
    outlet_without_a_price_list(contestant)
    bill_entered_twice(contestant)
    bill_with_swapped_digits(contestant)
    fee_without_a_row(contestant)
    return contestant


def clean_just_below_the_leads(rng, register):
    contestant = candidate(rng, register, 6, 3, "Көгершінова Нәркес Тұлпарқызы", "public_association", "36.0", "yes")
    pay_deposit(contestant)
    deposit_refund(contestant, date(2023, 3, 27), DEPOSIT)
    receive_own_funds(contestant, 14 * MILLION)  # FND-003 kept
    same_amount_on_one_day(contestant, 4)  # LED-002 kept
    one_account_for_several_donors(contestant, [520 * THOUSAND, 480 * THOUSAND])  # LED-003 kept
    two_spellings_exactly_at_the_cap(contestant)
    receive_donations(contestant, 3, 6 * MILLION, 2, 12 * MILLION)
    return contestant


DISTRICT_SIX = (candidate_with_odd_donors, candidate_with_careless_books, clean_just_below_the_leads)


def finish_district_six(odd, careless, clean):
    """What several of the three have to do with, and their spending."""
    donor_of_two_funds(odd, careless, 4 * MILLION, 3_500 * THOUSAND)  # LED-006
    donor_of_two_funds(clean, odd, 4 * MILLION, 3 * MILLION)  # LED-006 kept: 7,000,000.00
    spend(odd, 46_500 * THOUSAND - 640 * THOUSAND, 9, first=2)  # LED-011, with the rent of vendor_who_gives
    spend(careless, 9 * MILLION, 6, first=3)
    spend(clean, 44_100 * THOUSAND, 8, first=0)  # LED-011 kept: exactly 90 per cent
    give_rest_to_budget(clean)


# --- Reports and their faces ----------------------------------------------------------------------------------------


def lines_of(contestant, start, end, final):
    """The lines of one report; what was paid before the campaign stands in the first one."""
    if final:
        return [line for line in contestant.lines if not line.get("only_interim")]
    if start == CAMPAIGN_START:
        start = date.min
    return [line for line in contestant.lines if start <= line.get("entered", line["date"]) <= end]


def face(contestant, report_id, report_type, period, lines, opening):
    """The face of a report with totals that agree with its lines."""

    def total(*kinds):
        readable = [100_050 if line["amount"] == "1.000,50" else line["amount"] for line in lines if line["kind"] in kinds]
        return sum(readable)

    receipts = total("own_funds", "donation", "expenditure_refund")
    spent = total("expenditure", "donation_refund", "budget_transfer")
    start, end, received, published = period
    return {
        "report_id": report_id,
        "contestant_id": contestant.row["contestant_id"],
        "report_type": report_type,
        "period_start": start,
        "period_end": end,
        "received_on": received,
        "submitted_to": contestant.row["commission"],
        "published_on": published,
        "opening_balance": opening,
        "own_funds": total("own_funds"),
        "donations": total("donation"),
        "total_receipts": receipts,
        "total_spent": spent,
        "closing_balance": opening + receipts - spent,
    }


def file_reports(contestant, interims=3, final=True):
    """The interim reports and the final one: pairs of a face and its lines."""
    filed, opening = [], 0
    for number, period in enumerate(INTERIM_REPORTS[:interims], start=1):
        lines = lines_of(contestant, period[0], period[1], final=False)
        filing = face(contestant, f"{contestant.row['contestant_id']}-I{number}", "interim", period, lines, opening)
        opening = filing["closing_balance"]
        filed.append((filing, lines))
    if final:
        period = (CAMPAIGN_START, FINAL_REPORT_END, date(2023, 3, 29), date(2023, 3, 31))
        lines = lines_of(contestant, period[0], period[1], final=True)
        filed.append((face(contestant, f"{contestant.row['contestant_id']}-F", "final", period, lines, 0), lines))
    return filed


def supersede_the_final_report(contestant, filed):
    """Before the right final report there was a first one in which one donation had a zero too many."""
    right, lines = filed.pop()
    from_citizens = [line for line in lines if line["kind"] == "donation" and line["counterparty_type"] == "individual"]
    typed = max(from_citizens, key=lambda line: line["amount"])
    wrong_lines = [{**line, "amount": line["amount"] * 10} if line is typed else line for line in lines]
    period = (right["period_start"], right["period_end"])
    wrong = face(contestant, right["report_id"] + "1", "final", (*period, date(2023, 3, 29), date(2023, 3, 31)), wrong_lines, 0)
    right = face(contestant, right["report_id"] + "2", "final", (*period, date(2023, 3, 31), date(2023, 4, 1)), lines, 0)
    return [*filed, (wrong, wrong_lines), (right, lines)]


def send_reports_late_and_wrong(filed):  # RPT-004 (RPT-001 once the results' day is known), RPT-005, RPT-009, RPT-011
    filed[0][0]["submitted_to"] = "DEC-4"
    filed[1][0]["published_on"] = date(2023, 3, 27)
    final = filed[-1][0]
    final["received_on"], final["published_on"] = date(2023, 4, 5), date(2023, 4, 8)
    final["donations"] -= 100 * THOUSAND


def state_wrong_balances(filed):  # RPT-007 (the second interim report opens 12,500 too low), RPT-006 (the final report ends 900 too high)
    for filing, _ in filed[1:3]:
        filing["closing_balance"] -= 12_500 * TENGE
    filed[1][0]["opening_balance"] -= 12_500 * TENGE
    filed[2][0]["opening_balance"] -= 12_500 * TENGE
    filed[-1][0]["closing_balance"] += 900 * TENGE


def build_election():
    """All contestants with their reports, in the order of the files."""
    rng = random.Random(SEED)
    register = Register(rng)
    register.vendors = {category: register.named(name) for category, (name, _) in VENDORS.items()}
    register.deposit_account = iban("070", "9Z00000000001")
    election = [
        (party_over_its_limits, {}),
        (party_exactly_at_its_limits, {}),
        (party_with_public_money, {}),
        (clean_winner, {}),
        (candidate_with_large_donors, {}),
        (candidate_with_forbidden_sources, {}),
        (candidate_who_spent_too_much, {"interims": 2}),  # RPT-003
        (candidate_in_the_red, {}),
        (candidate_with_many_claims, {}),
        (clean_with_a_corrected_report, {}),
        (candidate_with_wrong_accounts, {"interims": 2}),  # RPT-003
        (candidate_without_a_final_report, {"final": False}),  # RPT-002 once the day of the results is known
        (candidate_with_a_small_deposit, {}),
        (withdrawn_candidate_with_an_untidy_report, {"interims": 0}),
        *((make, {}) for make in DISTRICT_SIX),
    ]
    made = [(make(rng, register), make, reports) for make, reports in election]
    finish_district_six(*(contestant for contestant, make, _ in made if make in DISTRICT_SIX))
    return [(contestant, filed_of(contestant, make, reports)) for contestant, make, reports in made]


def filed_of(contestant, make, reports):
    """All reports of a contestant, with what is wrong on their faces."""
    contestant.lines.sort(key=lambda line: line["date"])
    filed = file_reports(contestant, **reports)
    if make is clean_with_a_corrected_report:
        return supersede_the_final_report(contestant, filed)
    if make is candidate_with_a_small_deposit:
        send_reports_late_and_wrong(filed)
    if make is candidate_with_careless_books:
        state_wrong_balances(filed)
    return filed


# --- Writing --------------------------------------------------------------------------------------------------------


def report_rows(contestant, filing, lines):
    """The rows of one report for reports.csv."""
    for line in lines:
        yield {
            **{column: contestant.row.get(column, "") for column in ("contestant_id", "contest", "district")},
            "contestant_name": contestant.row["name"],
            **{column: filing[column] for column in ("report_id", "report_type", "period_start", "period_end", "received_on")},
            **{column: line.get(column, "") for column in REPORT_COLUMNS[9:]},
            "amount": money(line["amount"]) if isinstance(line["amount"], int) else line["amount"],
        }


def total_row(lines):
    """The total line that clerks leave at the end of a sheet; the auditor leaves it out with a note."""
    total = sum(line["amount"] for line in lines if line["kind"] == "expenditure" and isinstance(line["amount"], int))
    return {"contestant_id": "Итого", "amount": money(total)}


def write(name, columns, rows):
    """One CSV file: UTF-8, commas, LF."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def all_report_rows(election):
    """The rows of reports.csv. The sheet of SM-05-02 brought its total line with it."""
    for contestant, filed in election:
        for filing, lines in filed:
            yield from report_rows(contestant, filing, lines)
            if contestant.row["contestant_id"] == "SM-05-02":
                yield total_row(lines)


def main():
    """Writes the six files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    election = build_election()
    contestants = [contestant for contestant, _ in election]
    write("reports.csv", REPORT_COLUMNS, all_report_rows(election))
    write("contestants.csv", CONTESTANT_COLUMNS, [contestant.row for contestant in contestants])
    amounts = FILING_COLUMNS[8:]
    faces = [{**filing, **{column: money(filing[column]) for column in amounts}} for _, filed in election for filing, _ in filed]
    write("filings.csv", FILING_COLUMNS, faces)
    write("candidates.csv", CANDIDATE_COLUMNS, candidate_rows(contestants, random.Random(SEED + 1)))
    write("price_lists.csv", PRICE_COLUMNS, price_rows(contestants[0].register))
    write("statement.csv", STATEMENT_COLUMNS, statement_rows(contestants, random.Random(SEED + 2)))


if __name__ == "__main__":
    main()
