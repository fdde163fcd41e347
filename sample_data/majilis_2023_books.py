"""The ordinary part of the sample election of make_majilis_2023.py: invented names and numbers, a contestant's books, a campaign."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

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
# What these outlets filed as their prices: a unit and its price, the dearest first. Whoever advertises pays one of them.
LISTED_PRICES = {
    "television": [
        ("секунд эфира с 19 до 22 часов", 25_000 * TENGE),
        ("секунд эфира днём", 10_000 * TENGE),
        ("секунд эфира ночью", 2_000 * TENGE),
    ],
    "radio": [("секунд эфира утром", 5_000 * TENGE), ("секунд эфира", 2_000 * TENGE)],
    "periodicals": [("бірінші беттің шаршы сантиметрі", 4_000 * TENGE), ("шаршы сантиметр", 1_000 * TENGE)],
    "online": [("баннердің мың көрсетілімі", 1_000 * TENGE)],
    "social_media": [("тысяча показов с видео", 2_500 * TENGE), ("тысяча показов", 500 * TENGE)],
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
        self.rounds = 0
        self.people = []
        for _ in range(3):
            self._add_a_round_of_people()
        self.organisations = [f"«{name}» ЖШС" for name in KAZAKH_ORGANISATIONS]
        # Two thirds in guillemets, the rest in straight quotes, which a CSV file must double.
        for number, name in enumerate(RUSSIAN_ORGANISATIONS):
            self.organisations.append(f"ТОО «{name}»" if number % 3 else f'ТОО "{name}"')
        rng.shuffle(self.organisations)

    def _add_a_round_of_people(self):
        """Within one round no surname comes twice, so that one contestant's donors are easy to tell apart."""
        people = [kazakh_name(surname, self.rounds, place) for place, surname in enumerate(KAZAKH_SURNAMES)]
        people += [russian_name(surname, self.rounds, place) for place, surname in enumerate(RUSSIAN_SURNAMES)]
        self.rng.shuffle(people)
        self.people += people
        self.rounds += 1

    def person(self, sex=None, born=None):
        """A citizen: name and IIN. The seventh digit 9 is given to nobody, so the number can be no real person's."""
        born = born or date(1950, 1, 1) + timedelta(days=self.rng.randrange(18_000))
        place = self._next_of(sex)
        if place is None:
            self._add_a_round_of_people()
            place = self._next_of(sex)
        return {"name": self.people.pop(place), "id": self._number(f"{born:%y%m%d}9"), "account": self.account()}

    def _next_of(self, sex):
        return next((place for place, name in enumerate(self.people) if sex in (None, sex_of(name))), None)

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


def sex_of(name):
    """Told by the surname: Черёмухина, Мельникова-Дальняя, Тасбұлақова are women."""
    return "f" if name.split()[0].endswith(("а", "я")) else "m"


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
    fees_without_a_row: list = field(default_factory=list)  # days and amounts that the bank took and does not show

    @property
    def is_party(self):
        """Whether it is a party list."""
        return self.row["contest"] == "party_list"

    def line(self, kind, day, amount, other=None, **cells):
        """Adds one line to the books and gives it back.

        `only_interim` keeps it out of the final report, `entered` is the day under which it went into an interim report, and `bank`
        is what the bank shows otherwise than the books (None: nothing at all).
        """
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


def expenditure(contestant, day, amount, category, vendor=None, **cells):
    """A bill paid out of the fund."""
    vendor = vendor or contestant.register.vendors[category]
    contestant.bills += 1
    number = f"{contestant.row['contestant_id']}/{contestant.bills}"
    cells = {
        "category": category,
        "counterparty_type": "organisation",
        "description": VENDORS[category][1],
        "contract_no": f"Д-{number}",
        "invoice_no": f"СФ-{number}",
        **quantity_of(contestant.rng, category, amount),
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


def quantity_of(rng, category, amount):
    """Quantity and unit price where they make the amount to the tiyn; otherwise neither is stated. Advertising has a listed price."""
    quantity = rng.choice([1, 2, 4, 5, 10, 20, 50, 100, 250, 1000])
    if category in LISTED_PRICES:
        quantity = next((amount // price for _, price in LISTED_PRICES[category] if amount % price == 0), 0)
    if not quantity or amount % quantity:
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


def spend(contestant, total, bills, first=None):
    """Ordinary spending of exactly `total`, each bill on a day when the fund can pay it. `first`: the place of the first category,
    from which they follow in their order."""
    rng = contestant.rng
    for number, amount in enumerate(split(rng, total, bills, total)):
        wanted = CAMPAIGN_START + timedelta(days=3 + 24 * number // bills)
        day = first_day_with(contestant, amount, wanted)
        assert day <= CAMPAIGN_END, (contestant.row["contestant_id"], day, money(amount))
        place = number * 5 + len(contestant.lines) if first is None else first + number
        expenditure(contestant, day, amount, ORDINARY_CATEGORIES[place % len(ORDINARY_CATEGORIES)])


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
