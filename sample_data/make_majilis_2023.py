"""Writes sample_data/majilis-2023/: one small election with invented people, organisations and numbers.

Run it as `python sample_data/make_majilis_2023.py`. The result is the same every time: the seed of the random numbers is
fixed and no clock is asked. What was planted on purpose stands in the functions under "Breaches", each with its rule.
"""

import csv
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "majilis-2023"
SEED = 20230319

TENGE = 100  # all amounts inside this program are whole tiyn
THOUSAND = 1_000 * TENGE
MILLION = 1_000_000 * TENGE

CAP_OF_A_PERSON = 7 * MILLION
CAP_OF_AN_ORGANISATION = 35 * MILLION
DEPOSIT = 1_050_000 * TENGE

CAMPAIGN_START = date(2023, 2, 18)
CAMPAIGN_END = date(2023, 3, 17)
FINAL_REPORT_END = date(2023, 3, 28)
# First day, last day, received, published.
INTERIM_REPORTS = [
    (date(2023, 2, 18), date(2023, 2, 28), date(2023, 3, 2), date(2023, 3, 4)),
    (date(2023, 3, 1), date(2023, 3, 15), date(2023, 3, 16), date(2023, 3, 18)),
    (date(2023, 3, 16), date(2023, 3, 31), date(2023, 4, 1), date(2023, 4, 4)),
]


def words_of(text):
    """A list written as one line of words."""
    return text.split()


def phrases_of(text):
    """A list whose members may have spaces in them."""
    return text.split("|")


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

# --- Invented names -------------------------------------------------------------------------------------------------

KAZAKH_SURNAMES = words_of(
    "Тасбұлақов Ақбөкенов Көкжиеков Сарғалдақов Құлындиев Бөрібаев Жапалақов Еменов Қайыңбаев Теректіев Шұғылаев "
    "Қоңыраулиев Балапанов Торғаев Тырнаев Үкібаев Жусанов Қияқов Мойылов Долананов Итмұрынов Шырғанақов Бұлдірікенов "
    "Аққуов Қасқалдақов Сүйрікбаев Көпірбаев Дөңгелеков Ілгеков Түймебаев Ершіков Қамшыгерев Шаңырақов Уықбаев "
    "Керегеев Сандықов Шамбаев Айнабұлақов Ұршықов Бесікбаев"
)
RUSSIAN_SURNAMES = words_of(
    "Черёмухин Снегирёв Подорожников Лужайкин Крапивин Ромашкин Одуванчиков Самоварин Колокольчиков Ежевикин Пуговкин "
    "Табуреткин Валенков Рукавицын Скворечников Паромов Мельников-Дальний Чайников Лукошкин Бубликов Пряников Кувшинов "
    "Ложкарёв Гвоздев Подковин Телегин Шмелёв Сверчков Стрекозин Муравейников Облаков Туманов-Речной Росинкин Листопадов "
    "Метелицын Сугробов Капелькин Родничков Камышов Полынин"
)
KAZAKH_MEN = words_of("Ерден Бекзат Саян Олжас Дархан Мирас Нұрлан Арман Қайсар Темірлан Алмас Рүстем Жандос Сұлтан Әділет")
KAZAKH_WOMEN = words_of("Айсұлу Гүлнәр Меруерт Жанар Ботагөз Динара Сәуле Назгүл Раушан Айгерім Әсел Шолпан Толғанай Мөлдір Ләззат")
RUSSIAN_MEN = words_of("Остап Лука Тимофей Савелий Макар Прохор Игнат Захар Матвей Кузьма Еремей Фаддей Назар Елисей Потап")
RUSSIAN_WOMEN = words_of("Аглая Варвара Дарина Евдокия Злата Капитолина Лукерья Милана Пелагея Серафима Таисия Ульяна Фаина Агата Клара")

KAZAKH_ORGANISATIONS = phrases_of(
    "Алтын дән|Күміс қоңырау|Көк серке|Ақ тырна|Қызыл алма қоймасы|Жеті қайнар|Тоғыз көпір|Сары бидай диірмені|Дала самалы|"
    "Таулы жол|Мөлдір тамшы|Қара торғай|Боз үйірі|Ала бұршақ|Тасты өзен|Күн шуағы|Ай нұры дүкені|Қыран тасымал|Нар керуен|"
    "Ұзын арқан|Кең жайлау|Алыс айлақ|Ауыл сүті 7|Темір ілгек|Балқарағай|Шыны шам|Жібек түйін|Мақта бұлт|Қамыс кеме|"
    "Тұз айдыны|Бөрік тігін|Шебер ұста|Торсық сусын|Қауын базары|Жусан иісі|Үш ине|Сегіз доңғалақ|Кірпі құрылыс"
)
RUSSIAN_ORGANISATIONS = phrases_of(
    "Ромашка-12|Сто самоваров|Тихий ёж|Деревянный якорь|Зелёный зонтик|Третий гвоздь|Медный колокольчик|Синяя табуретка|"
    "Пять подков|Луговой шмель|Северный чайник|Бумажный змей|Кирпичный кот|Сухой мост|Весёлый мельник|Степная черепаха|"
    "Ковровый ветер|Сладкий камыш|Полярная груша|Жёлтый трамвай|Семь пуговиц|Дальний берег|Каменный пирог|Ржаной колос|"
    "Лесной телеграф|Глиняный дом|Утренний кефир|Серебряный шуруп|Тёплый валенок|Хрустальный таз|Кедровая шишка|"
    "Летучий паром|Белый верблюд|Облачный склад|Пряничный цех|Морковный рай|Громкий сверчок|Бодрый бобёр"
)

# Category: vendor, what it sells.
VENDORS = {
    "television": ("«Қиял ТВ» ЖШС", "Видеороликті эфирде көрсету"),
    "radio": ("ТОО «Радио Кузнечик»", "Размещение аудиоролика в эфире"),
    "periodicals": ("ТОО «Газета Тридевятые вести»", "Публикация статьи"),
    "online": ("«Жаршы портал» ЖШС", "Сайттағы баннер"),
    "social_media": ("ТОО «Лайк и Компания»", "Продвижение в социальных сетях"),
    "outdoor": ("ТОО «Щит и Перекрёсток»", "Аренда рекламных щитов"),
    "printed_materials": ("«Мың парақ баспасы» ЖШС", "Парақшалар мен плакаттар басу"),
    "public_events": ("ТОО «Сцена на колёсах»", "Звук и сцена для встречи с избирателями"),
    "transport": ("«Жүйрік тарантас» ЖШС", "Көлік жалдау"),
    "premises": ("ТОО «Тёплый угол»", "Аренда помещения штаба"),
    "staff": ("ТОО «Усердный штаб»", "Услуги агитаторов"),
    "other_services": ("«Қалам мен қағаз» ЖШС", "Кеңсе қызметі"),
    "gifts": ("ТОО «Подарки на память»", "Чайные наборы для избирателей"),
    "charity": ("«Қайырымды қоржын» ЖШС", "Азық-түлік себеттері"),
}
ORDINARY_CATEGORIES = [category for category in VENDORS if category not in ("gifts", "charity")]


# --- Numbers with valid check digits --------------------------------------------------------------------------------


def check_digit(digits):
    """The twelfth digit of an IIN or BIN, or None where the number was never issued."""
    for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        remainder = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if remainder != 10:
            return str(remainder)
    return None


def iban(bank, account):
    """A Kazakh account number: KZ, two check digits, the bank's three digits, thirteen characters."""
    letters = f"{bank}{account}KZ00"
    number = int("".join(str(int(letter, 36)) for letter in letters))
    return f"KZ{98 - number % 97:02d}{bank}{account}"


class Register:
    """Hands out names and numbers, each of them once."""

    def __init__(self, rng):
        self.rng = rng
        self.serial = 0
        self.accounts = 0
        self.people = self._shuffled_people()
        self.organisations = [f"«{name}» ЖШС" for name in KAZAKH_ORGANISATIONS]
        # Two thirds in guillemets, the rest in straight quotes, which a CSV file must double.
        for number, name in enumerate(RUSSIAN_ORGANISATIONS):
            self.organisations.append(f"ТОО «{name}»" if number % 3 else f'ТОО "{name}"')
        rng.shuffle(self.organisations)

    def _shuffled_people(self):
        """Rounds of names; within one round no surname comes twice, so that one contestant's donors are easy to tell apart."""
        rounds = []
        for number in range(3):
            people = [kazakh_name(surname, number, place) for place, surname in enumerate(KAZAKH_SURNAMES)]
            people += [russian_name(surname, number, place) for place, surname in enumerate(RUSSIAN_SURNAMES)]
            self.rng.shuffle(people)
            rounds += people
        return rounds

    def person(self):
        """A citizen: name and IIN. The seventh digit 9 is given to nobody, so the number can be no real person's."""
        born = date(1950, 1, 1) + timedelta(days=self.rng.randrange(18_000))
        return {"name": self.people.pop(0), "id": self._number(f"{born:%y%m%d}9"), "account": self.account()}

    def organisation(self):
        """The next of the invented organisations."""
        return self.named(self.organisations.pop(0))

    def named(self, name, kind="40", year=None):
        """An organisation of that name: its BIN has a serial number beyond those that were issued."""
        year = year or self.rng.randrange(10, 23)
        return {"name": name, "id": self._number(f"{year:02d}{self.rng.randrange(1, 13):02d}{kind}9"), "account": self.account()}

    def account(self, bank=None):
        """An account that nobody had before, at one of the banks or at the one asked for."""
        self.accounts += 1
        bank = bank or self.rng.choice(["601", "601", "722", "856", "965"])
        return iban(bank, f"Z{self.accounts:012d}")

    def _number(self, start):
        while True:
            self.serial += 1
            digits = f"{start}{9000 + self.serial}"
            check = check_digit(digits)
            if check:
                return digits + check


def kazakh_name(surname, round_number, place):
    """A Kazakh name with patronymic, women and men in turn."""
    father = KAZAKH_MEN[(place + place // 15 * 4 + round_number * 5 + 1) % len(KAZAKH_MEN)]
    if (place + round_number) % 2:
        return f"{surname}а {KAZAKH_WOMEN[(place + round_number * 4) % len(KAZAKH_WOMEN)]} {father}қызы"
    return f"{surname} {KAZAKH_MEN[(place + round_number * 4) % len(KAZAKH_MEN)]} {father}ұлы"


def russian_name(surname, round_number, place):
    """A Russian name, women and men in turn."""
    if (place + round_number) % 2:
        surname = f"{surname}а" if "-" not in surname else surname.replace("в-", "ва-").replace("ний", "няя").replace("ной", "ная")
        return f"{surname} {RUSSIAN_WOMEN[(place + round_number * 4) % len(RUSSIAN_WOMEN)]}"
    return f"{surname} {RUSSIAN_MEN[(place + round_number * 4) % len(RUSSIAN_MEN)]}"


# --- A contestant and the lines of the books ------------------------------------------------------------------------


@dataclass
class Contestant:
    """One contestant: the row of the register, and the lines of the whole campaign."""

    rng: random.Random
    register: Register
    row: dict
    itself: dict
    lines: list = field(default_factory=list)
    bills: int = 0

    @property
    def is_party(self):
        """Whether it is a party list."""
        return self.row["contest"] == "party_list"

    def line(self, kind, day, amount, other=None, **cells):
        """Adds one line to the books and gives it back."""
        other = other or {}
        line = {
            "kind": kind,
            "date": day,
            "amount": amount,
            "counterparty_name": other.get("name", ""),
            "counterparty_id": other.get("id", ""),
            "counterparty_account": other.get("account", ""),
            "fund_account": self.row["fund_account"],
            "payment_method": "bank_transfer",
        }
        line.update(cells)
        self.lines.append(line)
        return line


def own_funds(contestant, day, amount, **cells):
    """The contestant's own money."""
    if contestant.is_party:
        cells.setdefault("funding_source", "own_resources")
    cells.setdefault("description", "Өз қаражаты")
    return contestant.line("own_funds", day, amount, contestant.itself, counterparty_type="contestant", **cells)


def donation(contestant, day, amount, donor, counterparty_type="individual", **cells):
    """A donation from a citizen or an organisation."""
    cells.setdefault("description", "Добровольное пожертвование" if contestant.rng.random() < 0.5 else "Ерікті қайырмалдық")
    return contestant.line("donation", day, amount, donor, counterparty_type=counterparty_type, **cells)


def donation_refund(contestant, day, amount, donor, counterparty_type="individual", **cells):
    """Money back to a donor."""
    cells.setdefault("description", "Возврат пожертвования")
    return contestant.line("donation_refund", day, amount, donor, counterparty_type=counterparty_type, **cells)


def expenditure(contestant, day, amount, category, **cells):
    """A bill paid out of the fund."""
    vendor = contestant.register.vendors[category]
    contestant.bills += 1
    number = f"{contestant.row['contestant_id']}/{contestant.bills}"
    cells = {
        "category": category,
        "counterparty_type": "organisation",
        "description": VENDORS[category][1],
        "contract_no": f"Д-{number}",
        "invoice_no": f"СФ-{number}",
        **quantity_of(contestant.rng, amount),
        **cells,
    }
    if contestant.is_party:
        cells.setdefault("funding_source", "own_resources")
    return contestant.line("expenditure", day, amount, vendor, **cells)


def subsidy(contestant, day, amount, category, **cells):
    """A claim on the public subsidy: paid by the commission to the provider, outside the fund."""
    cells = {"fund_account": "", "description": "Қоғамдық қаражат есебінен", **cells}
    line = expenditure(contestant, day, amount, category, **cells)
    line.update({"kind": "subsidy", "funding_source": ""})
    return line


def deposit(contestant, day, amount):
    """The election deposit: paid outside the fund."""
    return contestant.line(
        "deposit",
        day,
        amount,
        counterparty_type="state_body",
        counterparty_name="Сайлау жарнасының депозиттік шоты",
        counterparty_account=contestant.register.deposit_account,
        fund_account="",
        description="Сайлау жарнасы",
    )


def deposit_refund(contestant, day, amount):
    """The election deposit, paid back."""
    line = deposit(contestant, day, amount)
    line.update({"kind": "deposit_refund", "description": "Сайлау жарнасын қайтару"})
    return line


def quantity_of(rng, amount):
    """Quantity and unit price where they make the amount to the tiyn; otherwise neither is stated."""
    quantity = rng.choice([1, 2, 4, 5, 10, 20, 50, 100, 250, 1000])
    if amount % quantity:
        return {}
    return {"quantity": str(quantity), "unit_price": money(amount // quantity)}


def money(tiyn):
    """An amount as it is written in the files."""
    return f"{'-' if tiyn < 0 else ''}{abs(tiyn) // 100}.{abs(tiyn) % 100:02d}"


# --- The ordinary campaign: nothing here breaks a rule --------------------------------------------------------------


def split(rng, total, count, cap):
    """Parts that are together exactly `total`, each at most `cap`, some of them round and some not."""
    parts = []
    for left in range(count, 0, -1):
        average = total // left
        room = min(cap - average, average * 6 // 10)
        part = average + int(room * rng.uniform(-0.9, 0.9)) if left > 1 else total
        unit = rng.choice([THOUSAND, 10 * THOUSAND, 1])
        if left > 1:
            part = max(part // unit * unit, 1)
        # The rest must still fit under the cap.
        part = min(max(part, total - (left - 1) * cap), cap)
        parts.append(part)
        total -= part
    return parts


def receive_own_funds(contestant, total, parts=2):
    """Own funds in the first days of the campaign."""
    for number, amount in enumerate(split(contestant.rng, total, parts, total)):
        own_funds(contestant, CAMPAIGN_START + timedelta(days=1 + 2 * number), amount)


def receive_donations(contestant, people, from_people, organisations=0, from_organisations=0):
    """Donations that keep every cap; a quarter of the citizens give twice."""
    days = [CAMPAIGN_START + timedelta(days=number) for number in range(2, 22)]
    rng, register = contestant.rng, contestant.register
    for amount in split(rng, from_people, people, CAP_OF_A_PERSON) if people else []:
        donor = register.person()
        method = rng.choice(["bank_transfer", "bank_transfer", "card"])
        for part in [amount // 3, amount - amount // 3] if rng.random() < 0.25 else [amount]:
            donation(contestant, rng.choice(days), part, donor, payment_method=method)
    for amount in split(rng, from_organisations, organisations, CAP_OF_AN_ORGANISATION) if organisations else []:
        donation(contestant, rng.choice(days), amount, register.organisation(), "organisation")


def fund_change(line):
    """What a line does to the fund's balance."""
    if line.get("payment_method") == "in_kind" or not isinstance(line["amount"], int) or line.get("only_interim"):
        return 0
    if line["kind"] in ("own_funds", "donation", "expenditure_refund"):
        return line["amount"]
    if line["kind"] in ("expenditure", "donation_refund", "budget_transfer"):
        return -line["amount"]
    return 0


def balance_on(contestant, day):
    """The fund's balance at the end of a day."""
    return sum(fund_change(line) for line in contestant.lines if line["date"] <= day)


def first_day_with(contestant, amount, wanted):
    """The first day from `wanted` on from which the fund always has the amount."""
    days = [wanted + timedelta(days=number) for number in range((FINAL_REPORT_END - wanted).days + 1)]
    short = [day for day in days if balance_on(contestant, day) < amount]
    return short[-1] + timedelta(days=1) if short else wanted


def spend(contestant, total, bills):
    """Ordinary spending of exactly `total`, each bill on a day when the fund can pay it."""
    rng = contestant.rng
    for number, amount in enumerate(split(rng, total, bills, total)):
        wanted = CAMPAIGN_START + timedelta(days=3 + 24 * number // bills)
        day = first_day_with(contestant, amount, wanted)
        assert day <= CAMPAIGN_END, (contestant.row["contestant_id"], day, money(amount))
        expenditure(contestant, day, amount, ORDINARY_CATEGORIES[(number * 5 + len(contestant.lines)) % len(ORDINARY_CATEGORIES)])


def supplier_pays_back(contestant, amount):
    """An expenditure_refund: a supplier could not deliver everything."""
    paid = next(line for line in contestant.lines if line["kind"] == "expenditure" and line["amount"] > amount)
    vendor = contestant.register.vendors[paid["category"]]
    contestant.line(
        "expenditure_refund",
        date(2023, 3, 20),
        amount,
        vendor,
        counterparty_type="organisation",
        category=paid["category"],
        contract_no=paid["contract_no"],
        invoice_no=paid["invoice_no"],
        description="Возврат за неоказанные услуги",
    )


def give_rest_to_budget(contestant):
    """The unspent balance goes to the state budget."""
    rest = balance_on(contestant, FINAL_REPORT_END)
    contestant.line(
        "budget_transfer",
        date(2023, 3, 27),
        rest,
        counterparty_type="state_body",
        counterparty_name="Республикалық бюджет",
        description="Жұмсалмаған қалдық",
    )


def claim_within_the_caps(contestant):
    """Subsidy claims that use the first cap to the tenge and stay under the others."""
    subsidy(contestant, date(2023, 3, 3), 250 * THOUSAND, "television")
    subsidy(contestant, date(2023, 3, 6), 200 * THOUSAND, "periodicals")
    subsidy(contestant, date(2023, 3, 9), contestant.rng.randrange(100, 290) * THOUSAND, "printed_materials")
    subsidy(contestant, date(2023, 3, 13), contestant.rng.randrange(80, 190) * THOUSAND, "transport")


def exactly_at_the_cap_in_odd_instalments(contestant, parts):
    """Kept: the instalments are 7,000,000.00 to the tiyn."""
    assert sum(parts) == CAP_OF_A_PERSON
    donor = contestant.register.person()
    for number, part in enumerate(parts):
        donation(contestant, date(2023, 2, 22) + timedelta(days=6 * number), part, donor)


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


def paid_before_the_money_came(contestant):  # FND-005: on 22 and 23 February the fund is overdrawn
    short_by = 750_000 * TENGE + 50
    expenditure(contestant, date(2023, 2, 22), balance_on(contestant, date(2023, 2, 22)) + short_by, "outdoor")
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


def money_through_another_bank(contestant):  # ACC-001, and ACC-002 with it
    account = contestant.register.account("722")
    donation(contestant, date(2023, 3, 1), 500 * THOUSAND, contestant.register.person(), fund_account=account)


def money_through_another_account(contestant):  # ACC-002: the right bank, not the contestant's account
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


def donation_that_vanished(contestant):  # RPT-008: in the first interim report, not in the final one
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
    cash(contestant)
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


# --- Reports and their faces ----------------------------------------------------------------------------------------


def lines_of(contestant, start, end, final):
    """The lines of one report; what was paid before the campaign stands in the first one."""
    if final:
        return [line for line in contestant.lines if not line.get("only_interim")]
    first = start == CAMPAIGN_START
    return [line for line in contestant.lines if (first or start <= line["date"]) and line["date"] <= end]


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
    ]
    filed_by_contestant = []
    for make, reports in election:
        contestant = make(rng, register)
        contestant.lines.sort(key=lambda line: line["date"])
        filed = file_reports(contestant, **reports)
        if make is clean_with_a_corrected_report:
            filed = supersede_the_final_report(contestant, filed)
        if make is candidate_with_a_small_deposit:
            send_reports_late_and_wrong(filed)
        filed_by_contestant.append((contestant, filed))
    return filed_by_contestant


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


def main():
    """Writes the three files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    election = build_election()
    rows = [row for contestant, filed in election for filing, lines in filed for row in report_rows(contestant, filing, lines)]
    last_lines = election[-1][1][-1][1]
    write("reports.csv", REPORT_COLUMNS, [*rows, total_row(last_lines)])
    write("contestants.csv", CONTESTANT_COLUMNS, [contestant.row for contestant, _ in election])
    amounts = FILING_COLUMNS[8:]
    faces = [{**filing, **{column: money(filing[column]) for column in amounts}} for _, filed in election for filing, _ in filed]
    write("filings.csv", FILING_COLUMNS, faces)


if __name__ == "__main__":
    main()
