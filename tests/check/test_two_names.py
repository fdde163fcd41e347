"""LED-005 of spellings that differ: found in a large filing, where few names are looked at closely, as in a small one."""

import pytest
from sizes import as_large

HEADING = "contestant_id,contest,report_type,date,kind,amount,counterparty_type,counterparty_name,counterparty_id"
IDS = ("900101300017", "850715300513", "")
SPELT = {
    "one spelling": ("Иван Иа", "Иван Иа"),
    "people": ("Әлия Ұлан", "ӘЛИЯ ҰЛАН"),
    "people, nobody in title case": ("әлия Ұлан", "ӘЛИЯ  ҰЛАН"),
    "a name that stands for its key last": ("ИВАН И", "Иван И"),
    "quotation marks": ("Край", "«Край»"),
    "no capitals": ("ТОО край-2", 'тоо "КРАЙ-2"'),
}


def lines(*donors):
    return [
        HEADING,
        *(f'SM-1,single_mandate,final,2023-03-0{n},donation,1000,individual,"{name}",{ident}' for n, (name, ident) in enumerate(donors, 1)),
    ]


def led_005(told, *donors):
    quoted = [(name.replace('"', '""'), ident) for name, ident in donors]
    small = told({"reports": lines(*quoted)}, "LED-005")["findings"]
    with as_large(held=1_000):
        assert told({"reports": lines(*quoted)}, "LED-005")["findings"] == small
    return [[line["row"] for line in finding["rows"]] for finding in small]


@pytest.mark.parametrize("other", IDS[1:])
@pytest.mark.parametrize("spelt", SPELT.values(), ids=SPELT)
def test_a_name_in_two_spellings_with_two_ids_is_a_lead(told, spelt, other):
    one, two = spelt
    assert led_005(told, (one, IDS[0]), (two, other), ("Somebody Else", IDS[0])) == [[2, 4], [2, 3]]
    assert led_005(told, (one, IDS[0]), (two, IDS[0]), ("Somebody Else", other)) == []


def test_names_that_differ_otherwise_are_no_lead(told):
    assert led_005(told, ("Край", IDS[0]), ("Края", IDS[1]), ("Кра-й", IDS[2])) == []
