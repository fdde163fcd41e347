"""Writes a large invented election for measuring speed: `python tests/benchmarks/make_ledger.py ROWS OUT_DIR`.

OUT_DIR gets reports.csv with exactly ROWS lines, contestants.csv with 442 contestants, and statement.csv with the bank's record of
about a tenth as many lines: all movements of some candidates' accounts, a day later for every third, with one in a thousand missing. Every line is a function of its
contestant and its number there, so that an interim report repeats its lines of the final one to the letter, the result is
the same every time, and memory holds one batch only. About 1 % of the contestants break a limit and 36 donors their cap.
"""

import sys
from datetime import date, timedelta
from itertools import accumulate
from math import pi
from pathlib import Path

import polars as pl

BATCH = 500_000
PARTIES, CANDIDATES = 7, 435
PARTY_WEIGHT = 20  # a party has twenty times the lines of a candidate, as it has twenty times the limits
INTERIM_SHARE = 48  # per cent of the lines of a contestant with interim reports that stand in them
OWN_LIMIT = {"party_list": 350_000_000, "single_mandate": 14_000_000}
DONATIONS_LIMIT = {"party_list": 700_000_000, "single_mandate": 35_000_000}
DONORS_OVER_THE_CAP = 36
CAMPAIGN_START = date(2023, 2, 18)
DAYS = [(CAMPAIGN_START + timedelta(days=number)).isoformat() for number in range(28)]
LAST_DAY_OF_SECOND_INTERIM = 25  # 15 March

# The lines of one contestant before the ordinary ones: the deposit, and a candidate's three claims on the subsidy.
DEPOSIT_LINE = 0
CLAIMS = {1: ("television", "150000.00"), 2: ("printed_materials", "120000.00"), 3: ("transport", "90000.00")}

SURNAMES = [
    f"{start}{end}"
    for start in (
        "Ақ Қара Көк Сары Қызыл Боз Құла Ала Алтын Күміс Темір Болат Тас Тау Су Көл Ай Күн Жұлдыз Нұр Бек Хан Ер Жан Ел "
        "Бай Тоқ Сер Ор Ұзын Берез Черём Ромаш Дуб Ольх Лип Клён Сосн Калин Малин Рябин Вишн Груш Яблон Слив Мак Тюльп Лилей "
        "Васил Клевер Полын Камыш Ковыл Крапив Репей Мят Шалф Чабр Донник Осок"
    ).split()
    for end in "баев беков ханов тайлов жанов ғалиев молдин қулов шиков нарин даров еляев енков ухин".split()
]
MEN = "Ерден Бекзат Саян Олжас Дархан Мирас Нұрлан Арман Қайсар Темірлан Остап Лука Тимофей Савелий Макар Прохор Игнат Захар".split()
WOMEN = (
    "Айсұлу Гүлнәр Меруерт Жанар Ботагөз Динара Сәуле Назгүл Раушан Айгерім Аглая Варвара Дарина Злата Милана Пелагея Таисия Ульяна".split()
)
FATHERS = [
    f"{start}{end}"
    for start in "Асан Үсен Ерлан Марат Болат Қанат Талғат Айдар Нұржан Самат Бауыр Думан Еркін Жомарт Қуат Мұрат Рашид Санат Тимур".split()
    for end in ["", "бай", "бек", "хан", "жан", "тай", "қали", "ғазы", "мұрат", "кен"]
]
ORGANISATION_WORDS = (
    "Ромашка|Алтын дән|Сто самоваров|Көк серке|Тихий ёж|Жеті қайнар|Пять подков|Дала самалы|Медный колокольчик|Ақ тырна|"
    "Северный чайник|Нар керуен|Бумажный змей|Күн шуағы|Степная черепаха|Мақта бұлт"
).split("|")  # fmt: skip
VENDORS = [f"ТОО {word} сервис {number}" for number in range(1, 26) for word in ORGANISATION_WORDS]
CATEGORIES = (
    "television radio periodicals online social_media outdoor printed_materials public_events transport premises staff polling".split()
)
BANKS = [601, 601, 601, 722, 722, 856, 965, 125]


# --- Check digits, vectorised ---------------------------------------------------------------------------------------


def weighted_remainder(digits: pl.Series, weights: list[int]) -> pl.Series:
    """The sum of digit times weight, modulo 11, of numbers with eleven digits."""
    total = pl.zeros(len(digits), dtype=pl.UInt64, eager=True)
    for place, weight in enumerate(weights):
        total = total + (digits // 10 ** (10 - place)) % 10 * weight
    return total % 11


def with_check_digit(digits: pl.Series, other_digits: pl.Series) -> pl.Series:
    """Twelve-digit IINs or BINs as text; `other_digits` stand in where the number would never have been issued."""
    check = check_digits(digits)
    issued = check < 10
    digits = digits.zip_with(issued, other_digits)
    check = check.zip_with(issued, check_digits(other_digits))
    return (digits * 10 + check).cast(pl.String).str.zfill(12)


def check_digits(digits: pl.Series) -> pl.Series:
    """The check digits, 10 where there is none."""
    first = weighted_remainder(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    second = weighted_remainder(digits, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2])
    return first.zip_with(first < 10, second)


def ibans(banks: pl.Series, accounts: pl.Series) -> pl.Series:
    """Kazakh account numbers of a bank and up to thirteen digits, as text."""
    # KZ00 moved to the end is 203500; the remainder is taken in two steps so that 64 bits are enough.
    remainder = (banks.cast(pl.UInt64) * 10**13 + accounts) % 97
    check = 98 - (remainder * 1_000_000 + 203_500) % 97
    return text("KZ", check.cast(pl.String).str.zfill(2), banks.cast(pl.String), accounts.cast(pl.String).str.zfill(13))


def text(*parts: pl.Series | str) -> pl.Series:
    """The parts written one after the other."""
    columns = [part.alias(str(place)) if isinstance(part, pl.Series) else pl.lit(part) for place, part in enumerate(parts)]
    series = [column for column in columns if isinstance(column, pl.Series)]
    pieces = [pl.col(column.name) if isinstance(column, pl.Series) else column for column in columns]
    return pl.DataFrame(series).select(pl.concat_str(pieces).alias("text")).to_series()


def pick(values: list[str], places: pl.Series) -> pl.Series:
    """The value at each place of a short list."""
    return pl.Series(values).gather(places.cast(pl.UInt32))


def share(numbers: pl.Series, salt: int) -> pl.Series:
    """A number from 0 to 1 that looks random and is always the same for the same number and salt."""
    mixed = numbers.cast(pl.UInt64) + (salt * 0x9E3779B97F4A7C15) % 2**64
    for shift, factor in ((2**30, 0xBF58476D1CE4E5B9), (2**27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed // shift)) * pl.Series([factor], dtype=pl.UInt64)  # wraps at 64 bits, as it should
    mixed = mixed ^ (mixed // 2**31)
    return (mixed // 2**11).cast(pl.Float64) / 2**53


# --- People and organisations ---------------------------------------------------------------------------------------


def people(numbers: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Names and IINs of citizens, different for each number up to some millions."""
    numbers = numbers.cast(pl.UInt64)
    count = len(SURNAMES) * len(MEN) * len(FATHERS) * 2
    place = numbers * 1_000_003 % count  # 1,000,003 is prime and no divisor of count: no two numbers share a name
    woman = place % 2 == 1
    place = place // 2
    surname = pick(SURNAMES, place % len(SURNAMES))
    place = place // len(SURNAMES)
    man_name, woman_name = pick(MEN, place % len(MEN)), pick(WOMEN, place % len(MEN))
    father = pick(FATHERS, place // len(MEN))
    men = text(surname, " ", man_name, " ", father, "ұлы")
    women = text(surname, "а ", woman_name, " ", father, "қызы")
    day = numbers % (60 * 12 * 28)
    born = (40 + day // 336) * 10_000 + (day // 28 % 12 + 1) * 100 + day % 28 + 1
    # The seventh digit 9 is given to nobody, nor is 8, which makes a valid number wherever 9 does not.
    start = born * 100_000 + numbers // (60 * 12 * 28) + 1
    return women.zip_with(woman, men), with_check_digit(start + 90_000, start + 80_000)


def organisations(numbers: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Names and BINs of organisations; every other name has quotation marks, which CSV doubles."""
    numbers = numbers.cast(pl.UInt64)
    word, number = pick(ORGANISATION_WORDS, numbers % len(ORGANISATION_WORDS)), numbers.cast(pl.String)
    quoted, plain = text('ТОО "', word, "-", number, '"'), text("ЖШС ", word, " ", number)
    return quoted.zip_with(numbers % 2 == 0, plain), bins(numbers + 1_000)


def bins(numbers: pl.Series) -> pl.Series:
    """BINs of resident organisations, different for each number."""
    numbers = numbers.cast(pl.UInt64)
    month = numbers % 240
    start = ((3 + month // 12) * 100 + month % 12 + 1) * 10_000_000 + 4_000_000 + 90_000 + numbers // 240
    return with_check_digit(start, start + 100_000)


# --- Contestants ----------------------------------------------------------------------------------------------------


def make_contestants(rows: int) -> pl.DataFrame:
    """One row for each contestant: the register, and how many lines of which size it gets."""
    weights = [PARTY_WEIGHT] * PARTIES + [1] * CANDIDATES
    ends = [rows * weight // sum(weights) for weight in accumulate(weights)]
    records = []
    for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        party = number < PARTIES
        contest = "party_list" if party else "single_mandate"
        district = (number - PARTIES) // 15 + 1
        interim = (end - start) * INTERIM_SHARE // 100 if number % 10 == 5 else 0
        final = end - start - interim
        # From 30 to 80 per cent of the limit; one contestant in a hundred has more than the limit.
        used = 1.15 if number % 100 == 50 else 0.30 + 0.50 * ((number * 37 % 101) / 101)
        list_size = 30 + number * 3
        records.append(
            {
                "contestant_id": f"PL-{number + 1:02d}" if party else f"SM-{district:02d}-{(number - PARTIES) % 15 + 1:02d}",
                "contest": contest,
                "name": f"Партия «Выдуманная {number + 1}»" if party else "",
                "nominated_by": "party" if party else ("self", "public_association", "party")[number % 3],
                "district": None if party else str(district),
                "commission": "CEC" if party else f"DEC-{district}",
                "list_size": list_size if party else None,
                "last_vote_share": f"{3 + number * 5}.5" if party else None,
                "vote_share": f"{9 + number}.4" if party else f"{6 + number % 4}.1",
                "elected": "yes" if party or number % 15 == 0 else "no",
                "deposit": 525_000 * list_size if party and number == 0 else 1_050_000,
                "has_deposit": not party or number == 0,
                "start": start, "interim": interim, "final": final,
                "donor_start": start * 3 // 10, "donors": max((end - start) * 3 // 10, 1),
                "donation": used * DONATIONS_LIMIT[contest] / max(0.80 * final, 1),
                "own": 0.5 * OWN_LIMIT[contest] / max(0.02 * final, 1),
                "spent": 0.65 * (used * DONATIONS_LIMIT[contest] + 0.5 * OWN_LIMIT[contest]) / max(0.15 * final, 1),
                "over_the_cap": DONORS_OVER_THE_CAP // PARTIES + (number < DONORS_OVER_THE_CAP % PARTIES) if party else 0,
            }
        )  # fmt: skip
    frame = pl.DataFrame(records, infer_schema_length=None).with_row_index("number")
    names, ids = people(frame["number"] + 4_100_000)
    is_party = frame["contest"] == "party_list"
    no_text = pl.Series([None] * len(frame), dtype=pl.String)
    return frame.with_columns(
        frame["name"].zip_with(is_party, names).alias("name"),
        no_text.zip_with(is_party, ids).alias("person_id"),
        bins(frame["number"]).zip_with(is_party, ids).alias("own_id"),
        ibans(pl.Series([601] * len(frame)), frame["number"].cast(pl.UInt64) + 9_000_000_000_000).alias("fund_account"),
    )


def write_contestants(contestants: pl.DataFrame, path: Path) -> None:
    """The commission's register."""
    contestants.select(
        "contestant_id", "contest", "name", "nominated_by", "district", "commission", registered_on=pl.lit("2023-02-12"),
        status=pl.lit("registered"), status_on=pl.lit("2023-02-12"), fund_account="fund_account",
        account_opened_on=pl.lit("2023-02-13"), list_size="list_size", last_vote_share="last_vote_share",
        vote_share="vote_share", elected="elected", person_id="person_id",
    ).write_csv(path)  # fmt: skip


# --- Lines ----------------------------------------------------------------------------------------------------------


def make_lines(contestants: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """The lines number `first` up to `last` of reports.csv."""
    row = pl.int_range(first, last, dtype=pl.Int64, eager=True)
    number = contestants["start"].search_sorted(row, side="right").cast(pl.Int64) - 1
    of = contestants.select(pl.all().gather(number))
    place = row - of["start"]
    in_interim = place < of["interim"]
    # An interim line is line `line` of the final report once more.
    line = place.zip_with(in_interim, place - of["interim"])
    key = of["start"] + line
    chance = share(key, 1)

    party = of["contest"] == "party_list"
    frame = pl.DataFrame(
        {
            "kind": pl.select(
                pl.when(pl.Series(line == DEPOSIT_LINE) & of["has_deposit"]).then(pl.lit("deposit"))
                .when(pl.Series(line <= max(CLAIMS)) & pl.Series(line > 0) & ~party).then(pl.lit("subsidy"))
                .when(chance < 0.80).then(pl.lit("donation")).when(chance < 0.95).then(pl.lit("expenditure"))
                .when(chance < 0.97).then(pl.lit("own_funds")).when(chance < 0.98).then(pl.lit("expenditure_refund"))
                .when(chance < 0.995).then(pl.lit("donation_refund")).otherwise(pl.lit("budget_transfer"))
            ).to_series(),
            "party": party, "line": line, "key": key, "in_interim": in_interim,
        }
    )  # fmt: skip
    frame = frame.hstack(of.drop("start", "number"))
    frame = with_day(frame)
    frame = with_amount(frame)
    frame = with_counterparty(frame)
    return finished(frame)


def with_day(frame: pl.DataFrame) -> pl.DataFrame:
    """Money comes in early and goes out late, so that no fund is ever overdrawn."""
    chance = share(frame["key"], 2)
    receipt = pl.col("kind").is_in(["own_funds", "donation"])
    day = pl.when(receipt).then(pl.Series("c", chance) ** 1.6 * 24).otherwise(4 + pl.Series("c", chance) ** 0.6 * 24).floor().cast(pl.Int32)
    repeated = pl.col("line") < pl.col("interim")
    # The lines that interim reports repeat are dated up to 15 March, the others of those contestants after it.
    day = (
        pl.when(pl.col("interim") == 0).then(day.clip(0, 27))
        .when(repeated).then(day.clip(0, LAST_DAY_OF_SECOND_INTERIM))
        .when(receipt).then(LAST_DAY_OF_SECOND_INTERIM + 1).otherwise(LAST_DAY_OF_SECOND_INTERIM + 2)
    )  # fmt: skip
    return frame.with_columns(day.alias("day"))


def with_amount(frame: pl.DataFrame) -> pl.DataFrame:
    """Amounts with tiyn, spread as real ones are (log-normal, so that Benford's law holds)."""
    first, second = share(frame["key"], 3), share(frame["key"], 4)
    normal = pl.Series("a", (-2 * (1 - first).log()).sqrt() * (2 * pi * second).cos())
    spread = (1.2 * normal - 0.72).exp()
    mean = (
        pl.when(pl.col("kind") == "donation").then(pl.col("donation"))
        .when(pl.col("kind") == "own_funds").then(pl.col("own"))
        .when(pl.col("kind") == "expenditure").then(pl.col("spent"))
        .otherwise(pl.col("donation") * 0.2)
    )  # fmt: skip
    # Own funds come in few lines, which a wide spread would carry over the limit by chance.
    factor = pl.when(pl.col("kind") == "own_funds").then(0.5 + pl.Series("b", first)).otherwise(spread)
    tiyn = (mean * factor * 100).round().cast(pl.Int64)
    # Nobody reaches the cap by chance: a donor gives three times or so.
    tiyn = pl.when(pl.col("kind") == "donation").then(tiyn.clip(101, 150_000_000)).otherwise(tiyn.clip(101, 5_000_000_000))
    return frame.with_columns(tiyn.alias("tiyn"))


def with_counterparty(frame: pl.DataFrame) -> pl.DataFrame:
    """Who gave or got the money."""
    donor = frame["donor_start"] + frame["line"] % frame["donors"]
    organisation = donor % 20 == 7
    person_name, person_id = people(donor)
    organisation_name, organisation_id = organisations(donor // 20)
    vendor = (share(frame["key"], 5) * len(VENDORS)).floor().cast(pl.Int64)
    donor_names, donor_ids = organisation_name.zip_with(organisation, person_name), organisation_id.zip_with(organisation, person_id)
    donor_bank = pl.Series(BANKS).gather((donor * 7 % len(BANKS)).cast(pl.UInt32))
    donor_accounts = ibans(donor_bank, (donor + 10_000_000).cast(pl.UInt64))
    vendor_ids = pick(bins(pl.int_range(500, 500 + len(VENDORS), dtype=pl.UInt64, eager=True)).to_list(), vendor)
    vendor_bank = pl.Series(BANKS).gather((vendor * 3 % len(BANKS)).cast(pl.UInt32))
    vendor_accounts = ibans(vendor_bank, (vendor + 5_000).cast(pl.UInt64))
    is_donor = pl.col("kind").is_in(["donation", "donation_refund"])
    is_vendor = pl.col("kind").is_in(["expenditure", "expenditure_refund", "subsidy"])
    is_own = pl.col("kind") == "own_funds"

    def choose(donors: pl.Series, vendors: pl.Series, own: str, state: str | None = None) -> pl.Expr:
        return pl.when(is_donor).then(donors).when(is_vendor).then(vendors).when(is_own).then(pl.col(own)).otherwise(pl.lit(state))

    over = (pl.Series(frame["line"] % frame["donors"]) < frame["over_the_cap"] * 20) & (donor % 20 == 3)
    return frame.with_columns(
        choose(donor_names, pick(VENDORS, vendor), "name", "Республикалық бюджет").alias("counterparty_name"),
        choose(donor_ids, vendor_ids, "own_id").alias("counterparty_id"),
        choose(donor_accounts, vendor_accounts, "fund_account").alias("counterparty_account"),
        pl.when(is_donor & organisation).then(pl.lit("organisation")).when(is_donor).then(pl.lit("individual"))
        .when(is_vendor).then(pl.lit("organisation")).when(is_own).then(pl.lit("contestant")).otherwise(pl.lit("state_body"))
        .alias("counterparty_type"),
        pl.when((pl.col("kind") == "donation") & over).then(900_000_037).otherwise(pl.col("tiyn")).alias("tiyn"),
    )  # fmt: skip


def finished(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of reports.csv, as text."""
    kind, deposit, claim = pl.col("kind"), pl.col("kind") == "deposit", pl.col("kind") == "subsidy"
    first_interim = pl.col("day") <= 10
    report = pl.when(~pl.col("in_interim")).then(pl.lit("F")).when(first_interim).then(pl.lit("I1")).otherwise(pl.lit("I2"))
    by_report = {
        "period_start": {"F": "2023-02-18", "I1": "2023-02-18", "I2": "2023-03-01"},
        "period_end": {"F": "2023-03-28", "I1": "2023-02-28", "I2": "2023-03-15"},
        "received_on": {"F": "2023-03-29", "I1": "2023-03-02", "I2": "2023-03-17"},
    }
    descriptions = {
        "donation": "Ерікті қайырмалдық",
        "donation_refund": "Возврат пожертвования",
        "expenditure": "Оплата по счёту за услуги предвыборной агитации",
        "expenditure_refund": "Возврат за неоказанные услуги",
        "own_funds": "Собственные средства",
        "budget_transfer": "Бюджетке аударылды",
        "subsidy": "Қоғамдық қаражат есебінен төленді",
        "deposit": "Сайлау жарнасы",
    }
    category = pl.Series("category", pick(CATEGORIES, frame["key"] * 7 % len(CATEGORIES)))
    claim_category = pl.col("line").replace_strict(
        {line: category for line, (category, _) in CLAIMS.items()}, default="", return_dtype=pl.String
    )
    claim_amount = pl.col("line").replace_strict({line: amount for line, (_, amount) in CLAIMS.items()}, default="", return_dtype=pl.String)
    bought = kind.is_in(["expenditure", "expenditure_refund", "subsidy"])
    in_tenge = pl.concat_str([(pl.col("tiyn") // 100).cast(pl.String), pl.lit("."), (pl.col("tiyn") % 100).cast(pl.String).str.zfill(2)])
    deposit_amount = pl.concat_str([pl.col("deposit").cast(pl.String), pl.lit(".00")])
    amount = pl.when(deposit).then(deposit_amount).when(claim).then(claim_amount).otherwise(in_tenge)
    outside = kind.is_in(["deposit", "subsidy"])
    key = pl.col("key").cast(pl.String)
    card = (pl.col("counterparty_type") == "individual") & (pl.col("key") % 4 == 1)
    frame = frame.with_columns(report.alias("report"), amount.alias("amount"))
    return frame.select(
        "contestant_id", "contest", pl.col("name").alias("contestant_name"), "district",
        pl.concat_str(["contestant_id", pl.lit("-"), "report"]).alias("report_id"),
        pl.when(pl.col("report") == "F").then(pl.lit("final")).otherwise(pl.lit("interim")).alias("report_type"),
        *(pl.col("report").replace_strict(values).alias(name) for name, values in by_report.items()),
        pl.when(deposit).then(pl.lit("2023-02-10")).otherwise(pl.Series(DAYS).gather(frame["day"])).alias("date"),
        "kind", "amount", "counterparty_type", "counterparty_name", "counterparty_id", "counterparty_account",
        pl.when(outside).then(None).otherwise(pl.col("fund_account")).alias("fund_account"),
        pl.when(card).then(pl.lit("card")).otherwise(pl.lit("bank_transfer")).alias("payment_method"),
        pl.when(pl.col("party") & kind.is_in(["own_funds", "expenditure"])).then(pl.lit("own_resources")).alias("funding_source"),
        pl.when(claim).then(claim_category).when(bought).then(category).alias("category"),
        kind.replace_strict(descriptions).alias("description"),
        pl.when(bought).then(pl.concat_str([pl.lit("Д-2023/"), key])).alias("contract_no"),
        pl.concat_str([pl.when(bought).then(pl.lit("СФ-")).otherwise(pl.lit("ПП-")), key]).alias("invoice_no"),
        pl.when(bought).then(pl.lit("1")).alias("quantity"),
        pl.when(bought).then(pl.col("amount")).alias("unit_price"),
    )  # fmt: skip


def statement_of(lines: pl.DataFrame, accounts: list[str]) -> pl.DataFrame:
    """The bank's record of the movements through these accounts."""
    number = pl.int_range(pl.len())
    into = pl.col("kind").is_in(["own_funds", "donation", "expenditure_refund"])
    moved = lines.filter(pl.col("report_type") == "final", pl.col("fund_account").is_in(accounts)).filter(number % 1000 != 999)
    day = pl.col("date").str.to_date() + pl.duration(days=(number % 3 == 0).cast(pl.Int64))
    return moved.select(
        "fund_account", day.alias("date"), pl.when(into).then(pl.lit("in")).otherwise(pl.lit("out")).alias("direction"), "amount",
        "counterparty_name", "counterparty_id", "counterparty_account",
    )  # fmt: skip


def main(rows: int, folder: Path) -> None:
    """Writes the files."""
    folder.mkdir(parents=True, exist_ok=True)
    contestants = make_contestants(rows)
    write_contestants(contestants, folder / "contestants.csv")
    candidates = contestants.filter(pl.col("contest") == "single_mandate")
    accounts = candidates.filter(pl.col("final").cum_sum() <= rows // 10)["fund_account"].to_list()
    with (folder / "reports.csv").open("wb") as file, (folder / "statement.csv").open("wb") as bank:
        for first in range(0, rows, BATCH):
            lines = make_lines(contestants, first, min(first + BATCH, rows))
            lines.write_csv(file, include_header=first == 0)
            statement_of(lines, accounts).write_csv(bank, include_header=first == 0)


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")), Path(sys.argv[2]))
