from jobnet.cli.starts import start_lines, starts_document
from jobnet.ports.warmth import WORDS, ColdReason, Warmth


def test_cold_starts_are_counted_with_their_reasons() -> None:
    cold = {ColdReason.ASKED_FOR: 2, ColdReason.ANSIBLE_SPEAKS: 1}
    told = {
        ColdReason.ASKED_FOR: WORDS[ColdReason.ASKED_FOR],
        ColdReason.ANSIBLE_SPEAKS: "Ansible says while it is loaded: [WARNING]: \x1b[31mold",
    }

    lines = list(start_lines(Warmth(warm=3, cold=cold, told=told)))

    assert lines[0] == "starts: 3 warm, 3 cold"
    assert lines[1] == "  2 cold: the definition says `warm: off`"
    assert lines[2].startswith(
        "  1 cold: Ansible prints something while it is loaded: Ansible says"
    )
    assert "\x1b" not in lines[2]


def test_nothing_is_said_where_nothing_was_started() -> None:
    assert list(start_lines(Warmth())) == []


def test_programs_get_the_codes_of_the_reasons() -> None:
    document = starts_document(Warmth(warm=1, cold={ColdReason.LOW_MEMORY: 1}, told={}))

    assert document == {"warm": 1, "cold": {"low_memory": 1}, "told": {}}


def test_every_reason_has_its_words() -> None:
    assert set(WORDS) == set(ColdReason)
