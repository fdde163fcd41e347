"""The key of a name is one, whether a column of names is asked or a single one."""

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.identifiers import QUOTES, key_of_name
from auditor.name_keys import name_key, standing_for, stands_for_its_key

# Letters that this Python does not know yet may have a simpler form in the newer Unicode of Polars; such a name is shown by its key.
KNOWN = st.characters(exclude_categories=["Cs", "Cn"])
MARKS = [letter for letter in QUOTES if letter != "-"]
NAMES = st.text(st.one_of(st.sampled_from([*MARKS, *"ӘҒҚҢӨҰҮҺІЁёABCабв -\t\u00a0\u2003\u3000ﬁⅣ\u0307İß"]), KNOWN))


@settings(max_examples=200, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=5))
@example(["ТОО «Край»", "тоо  край", " "])
@example(["\x1cА\x1fБ\x85В\u2028Г"])
def test_a_column_and_a_name_have_the_same_keys(names):
    asked = pl.DataFrame({"name": names}, schema={"name": pl.String}).select(name_key(pl.col("name"))).to_series().to_list()
    assert asked == [key_of_name(name) or None for name in names]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(NAMES, st.lists(st.sampled_from(["Иван", "иван", "ИВАН", "Әлия", "әлия", "Іа", "ІА", "A", "а"])).map(" ".join)),
        min_size=2,
    )
)
@example(["Иван Іа", "иван  іа", "«Иван Іа»", "Иван-Іа", "иван-іа"])
def test_names_stand_for_one_another_as_their_keys_are_equal(names):
    name = pl.col("name")
    standing = pl.when(stands_for_its_key(name)).then(name).otherwise(standing_for(name_key(name)))
    asked = pl.DataFrame({"name": names}, schema={"name": pl.String}).select(standing).to_series().to_list()
    keys = [key_of_name(one) or None for one in names]
    assert [one == other for one in asked for other in asked] == [one == other for one in keys for other in keys]
