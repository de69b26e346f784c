"""Given texts are one space of names, whatever the disk says."""

from dataclasses import replace
from pathlib import Path

from jobnet.definition import Network
from jobnet.ids import NetworkName
from jobnet.project import GivenFile, Site, bundle, open_texts, read_texts
from jobnet.project.given import is_plain, read_given

HELLO = "kind: network\nname: hello\nflow:\n  - wait_for: 1s\n"
CALENDAR = "kind: calendar\nname: office\nweek: {open: [mon]}\n"


def text(path: str, content: str, *, base: str = "/p", is_trusted: bool = False) -> GivenFile:
    file = Path(path)
    site = Site(file=file, root=Path(base), is_trusted=is_trusted)
    return GivenFile(path=file, base=Path(base), text=content, site=site)


def test_names_are_found_across_bases() -> None:
    files = [
        text("/a/x/hello.yml", HELLO + "calendar: office\n", base="/a"),
        text("/b/office.yml", CALENDAR, base="/b"),
    ]

    made = bundle(open_texts(files), NetworkName("x/hello"))

    assert list(made.calendars) == ["office"]


def test_the_nearest_name_wins_whatever_was_read_first() -> None:
    files = [
        text("/p/office.yml", CALENDAR),
        text("/p/x/hello.yml", HELLO + "calendar: office\n"),
        text("/p/x/office.yml", CALENDAR),
    ]
    reading = open_texts(files)
    reading.shelf.find("calendar", "office", "")

    assert list(bundle(reading, NetworkName("x/hello")).calendars) == ["x/office"]


def test_a_name_that_is_written_with_escapes_is_found() -> None:
    files = [text("/p/hello.yml", HELLO.replace("hello", '"h\\u0065llo"'))]

    assert bundle(open_texts(files), NetworkName("hello")).main == "hello"


def test_a_plain_list_is_a_network_named_after_its_file() -> None:
    files = [
        text("/p/site.yml", "- hosts: all\n  tasks: []\n"),
        text("/p/x/outer.yml", HELLO.replace("wait_for: 1s", "network: site")),
    ]

    reading = open_texts(files)

    assert list(bundle(reading, NetworkName("x/hello")).networks) == ["x/hello", "site"]
    assert bundle(reading, NetworkName("site")).network.file == "/p/site.yml"


def test_a_name_that_stands_twice_names_both_places() -> None:
    files = [text("/a/hello.yml", HELLO, base="/a"), text("/b/hello.yml", HELLO, base="/b")]

    (problem,) = read_texts(files).problems

    assert problem.code == "duplicate_document"
    assert problem.position.file == "/b/hello.yml"
    assert "/a/hello.yml:1:1" in problem.what


def test_paths_count_from_the_site_and_problems_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "site.yml").write_text("[]", encoding="utf-8")
    flow = "kind: network\nname: hello\nflow:\n  - playbook: site.yml\n  - playbook: gone.yml\n"
    site = Site(file=tmp_path / "hello.yml", root=tmp_path)
    file = GivenFile(path=Path("/p/hello.yml"), base=Path("/p"), text=flow, site=site)

    (problem,) = read_texts([file]).problems

    assert problem.position.file == "/p/hello.yml"
    assert f"{tmp_path}/gone.yml" in problem.what


def test_what_is_trusted_needs_nothing_of_the_disk() -> None:
    flow = "  - playbook: gone.yml\n  - {hosts: all, acme.none.x: {}}\n"
    content = f"kind: network\nname: hello\nflow:\n{flow}"

    checked = read_texts([text("/p/hello.yml", content)])
    trusted = read_texts([text("/p/hello.yml", content, is_trusted=True)])

    assert {one.code for one in checked.problems} == {"missing_playbook", "unknown_module"}
    assert trusted.problems == ()
    assert isinstance(trusted.documents[0].value, Network)


def test_what_has_not_changed_is_not_read_again() -> None:
    same, other = text("/p/hello.yml", HELLO), HELLO.replace("hello", "other")
    first = read_texts([same, text("/p/other.yml", other)])

    second = read_texts([same, text("/p/other.yml", other + "title: x\n")], before=first)

    values = [
        (one.value, two.value) for one, two in zip(first.documents, second.documents, strict=True)
    ]
    assert [one is two for one, two in values] == [True, False]


def test_a_network_is_read_again_when_a_job_type_changes() -> None:
    network = text("/p/hello.yml", "kind: network\nname: hello\nflow:\n  - {job: t, hosts: a}\n")
    kind = "kind: job_type\nname: t\ntasks:\n  - ansible.builtin.debug: {msg: one}\n"
    first = read_texts([network, text("/p/t.yml", kind)])

    second = read_texts([network, text("/p/t.yml", kind.replace("one", "two"))], before=first)

    assert first.networks[NetworkName("hello")] != second.networks[NetworkName("hello")]


def test_a_network_is_read_again_when_it_names_a_playbook(tmp_path: Path) -> None:
    playbook = tmp_path / "site.yml"
    playbook.write_text("[]", encoding="utf-8")
    flow = "kind: network\nname: hello\nflow:\n  - playbook: site.yml\n"
    file = text(f"{tmp_path}/hello.yml", flow, base=str(tmp_path))
    first = read_texts([file])
    playbook.unlink()

    second = read_texts([file], before=first)

    assert first.problems == ()
    assert [one.code for one in second.problems] == ["missing_playbook"]


def test_a_problem_is_looked_for_again(tmp_path: Path) -> None:
    flow = "kind: network\nname: hello\nflow:\n  - playbook: site.yml\n"
    file = text(f"{tmp_path}/hello.yml", flow, base=str(tmp_path))
    first = read_texts([file])
    (tmp_path / "site.yml").write_text("[]", encoding="utf-8")

    assert [one.code for one in first.problems] == ["missing_playbook"]
    assert read_texts([file], before=first).problems == ()


def test_only_texts_in_which_something_is_looked_for_are_composed() -> None:
    plain = [
        replace(text(f"/p/{name}.yml", HELLO.replace("hello", name)), is_plain=True)
        for name in ("one", "two")
    ]
    reading = open_texts(plain)

    bundle(reading, NetworkName("one"))

    assert list(reading.shelf.library.files) == [Path("/p/one.yml")]


def test_a_text_is_plain_if_kind_and_name_stand_in_it() -> None:
    texts = {
        HELLO: True,
        HELLO.replace("hello", "two\n  words"): True,
        HELLO.replace("hello", '"h\\u0065llo"'): False,
        HELLO.replace("kind: network", "kind:   network"): False,
        "- hosts: all\n  tasks: []\n": True,
    }

    found = {one: is_plain(one, read_given(text("/p/x.yml", one)).documents) for one in texts}

    assert found == texts
