"""A file is cut into its documents and put together again."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jobnet.project.cutting import cut_documents, replace_document, without_document

TEXTS = {
    "one": ("a: 1\n", ["a: 1\n"]),
    "two": ("a: 1\n---\nb: 2\n", ["a: 1\n", "b: 2\n"]),
    "marked": ("---\na: 1\n---\nb: 2\n...\n", ["a: 1\n", "b: 2\n"]),
    "comments": ("# x\na: 1\n# y\n---\n# z\nb: 2", ["# x\na: 1\n# y\n", "# z\nb: 2\n"]),
    "on the line of the mark": ("--- {a: 1}\n--- {b: 2}\n", ["--- {a: 1}\n", "--- {b: 2}\n"]),
    "a mark inside a text": ("a: |\n  ---\n  x\n", ["a: |\n  ---\n  x\n"]),
    "other line ends": ("a: 1\r\n---\r\nb: 2\r\n", ["a: 1\n", "b: 2\n"]),
    "nothing": ("", [""]),
}


@pytest.mark.parametrize(("text", "own"), TEXTS.values(), ids=TEXTS.keys())
def test_a_text_is_cut_into_the_texts_of_its_documents(text: str, own: list[str]) -> None:
    assert [cut.text for cut in cut_documents(text)] == own


documents = st.lists(
    st.builds(
        "{}{}key_{}: {}\n".format,
        st.sampled_from(["", "# before\n"]),
        st.sampled_from(["", "other: |\n  ---\n  text\n"]),
        st.integers(0, 99),
        st.integers(),
    ),
    min_size=1,
    max_size=5,
)


@given(texts=documents, is_marked=st.booleans(), place=st.integers(0, 4))
def test_replacing_one_document_changes_no_other(
    *, texts: list[str], is_marked: bool, place: int
) -> None:
    whole = ("---\n" if is_marked else "") + "---\n".join(texts)
    place %= len(texts)
    cut = cut_documents(whole)[place]

    changed = replace_document(whole, cut, "new: true\n")

    expected = [*texts[:place], "new: true\n", *texts[place + 1 :]]
    assert [cut.text for cut in cut_documents(changed)] == expected


@given(texts=documents, place=st.integers(0, 4))
def test_a_document_is_taken_out(texts: list[str], place: int) -> None:
    whole = "---\n".join(texts)
    place %= len(texts)

    rest = without_document(whole, cut_documents(whole)[place])

    left = [one for one in yaml.safe_load_all(rest) if one is not None]
    assert left == [yaml.safe_load(one) for index, one in enumerate(texts) if index != place]
