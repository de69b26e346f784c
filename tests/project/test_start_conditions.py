"""What stands below ``start_on`` becomes a condition, or every mistake is told at its place."""

from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.calendars import ClockTime
from jobnet.definition import Network
from jobnet.project import read_file
from jobnet.project.schema.start_conditions import CONDITION_DEPTH_MAX, SOURCES_MAX
from jobnet.project.start_conditions import path_of
from jobnet.schedules import (
    AllOf,
    AnyOf,
    EventArrived,
    FileArrived,
    FileChange,
    Leaf,
    NetworkEnded,
    ScheduleDefinition,
    StartCondition,
    WantedEnd,
    WebhookCalled,
    leaves,
)

from tests.project.written import NETWORKS, read, told


def network_text(start_on: str, *, params: str = "") -> str:
    return f"kind: network\nname: n\nstart_on: {start_on}\nflow: [{{wait_for: 1s}}]\n{params}"


def condition(folder: Path, start_on: str, *, params: str = "") -> StartCondition:
    reading = read(folder, network_text(start_on, params=params))
    assert not reading.has_errors, [str(one) for one in reading.problems]
    (network,) = reading.networks.values()
    assert network.start_on is not None
    return network.start_on


def of_example(name: str) -> StartCondition:
    documents = read_file(NETWORKS / "start_conditions.yml").documents
    value = next(one.value for one in documents if one.name == name)
    assert isinstance(value, Network)
    assert value.start_on is not None
    return value.start_on


def test_every_source_and_word_is_read() -> None:
    read_one = of_example("start_conditions")

    found = {leaf.id: leaf.source for leaf in leaves(read_one.when)}
    event, file = found["all.2.any.0"], found["all.1"]
    assert isinstance(event, EventArrived)
    assert isinstance(file, FileArrived)
    assert found["all.0"] == NetworkEnded(network="extract", result=WantedEnd.NORMAL)
    assert found["all.2.any.1"] == WebhookCalled(path="shop/orders", credential="shop_hook")
    assert (event.name, event.where and event.where.text) == ("go", "event.data.rows > 0")
    assert (file.hosts, file.path, file.event) == ("ftp", "/in/*.csv", FileChange.CREATED)
    assert (file.settle, file.poll) == (timedelta(seconds=30), timedelta(minutes=1))
    assert file.inventory == (str(NETWORKS / "inventory.yml"),)


def test_the_tree_is_the_one_of_the_text() -> None:
    when = of_example("start_conditions").when

    assert isinstance(when, AllOf)
    assert isinstance(when.conditions[2], AnyOf)
    assert len(when.conditions) == 3
    assert len(when.conditions[2].conditions) == 2


def test_when_it_counts_is_read() -> None:
    read_one = of_example("start_conditions")

    assert read_one.first == ClockTime(seconds=20 * 3600)
    assert read_one.last == ClockTime(seconds=28 * 3600)
    assert read_one.once_per_day


def test_one_source_needs_no_group(tmp_path: Path) -> None:
    read_one = condition(
        tmp_path, "{event: {name: go}, as: what_came}", params="params: {what_came: {type: dict}}"
    )

    assert read_one.when == Leaf(id="event", source=EventArrived(name="go"), request_as="what_came")
    assert (read_one.first, read_one.last, read_one.once_per_day) == (None, None, False)


def test_a_file_is_looked_for_in_the_inventory_of_the_network(tmp_path: Path) -> None:
    read_one = condition(
        tmp_path, "{file: {hosts: ftp, path: /in/a}}", params="inventory: [hosts.ini, 'ftp,']"
    )

    (leaf,) = leaves(read_one.when)
    assert isinstance(leaf.source, FileArrived)
    assert leaf.source.inventory == (str(tmp_path / "hosts.ini"), "ftp,")


def test_the_path_of_a_source_leads_back_to_the_text() -> None:
    paths = [path_of(leaf, "as") for leaf in leaves(of_example("start_conditions").when)]

    assert paths == [
        "start_on.all[0].as",
        "start_on.all[1].as",
        "start_on.all[2].any[0].as",
        "start_on.all[2].any[1].as",
    ]


@pytest.mark.parametrize(
    ("start_on", "expected"),
    [
        ("{}", "3:11: start_on: Nothing is named that starts it. Write one of: all, any,"),
        ("[]", "3:11: start_on: A mapping belongs here."),
        ("{all: []}", "3:17: start_on.all: At least one is needed here."),
        ("{all: {network: a}}", "3:17: start_on.all: A list belongs here."),
        ("{all: [{}]}", "3:18: start_on.all[0]: Nothing is named that starts it."),
        ("{netwrk: a}", "3:12: start_on: `netwrk` is not known here. Did you mean `network`?"),
        ("{any: [{evnt: {name: go}}]}", "`evnt` is not known here. Did you mean `event`?"),
        ("{network: a, event: {name: b}}", "`network` and `event` stand in one condition."),
        ("{event: {name: b}, result: ended}", "`result` stands beside `network`."),
        ("{network: a, result: lost}", "3:32: start_on.result: `lost` is not known here."),
        ("{network: a, as: x}", "The end of a network brings nothing"),
        ("{any: [{network: a}], as: x}", "`as` stands beside `any`."),
        ("{event: {where: 1 == 1}}", "3:19: start_on.event: `name` is missing here."),
        ("{event: {name: go, where: event.rows > 1}}",
         "3:37: start_on.event.where: `event` has no `rows`. Known here: data, name,"),
        ("{any: [{event: {name: go, where: parts.a.normal}}]}",
         "3:44: start_on.any[0].event.where: `parts` is not known here. Only `event` exists"),
        ("{event: {name: go, where: 'event.'}}", "3:37: start_on.event.where: "),
        ("{file: {hosts: '{{ x }}', path: /a}}", "Nothing is templated here"),
        ("{file: {hosts: ftp, path: '   '}}", "3:37: start_on.file.path: A text is missing here."),
        ("{file: {hosts: ftp, path: /a, poll: 0s}}",
         "Hosts are looked at once a second at most."),
        ("{file: {path: /a}}", "`hosts` is missing here."),
        ("{webhook: {path: ../admin, credential: c}}", "'../admin' is no path below /hooks."),
        ("{webhook: {path: 'a?b=c', credential: c}}", "'a?b=c' is no path below /hooks."),
        ("{webhook: {path: a, credential: c, hmac: no}}", "A webhook is always signed."),
        ("{webhook: {path: a}}", "`credential` is missing here."),
        ("{mail: {folder: INBOX}}", "3:18: start_on.mail: A mail starts nothing in this release."),
        ("{network: a, within: {from: '22:00', to: '06:00'}}",
         "3:32: start_on.within: 22:00 comes after 06:00. Times after midnight go on: 25:30"),
        ("{network: a, within: {from: '48:00'}}", "'48:00' is no clock time"),
        ("{network: a, once_per: week}", "`week` is not known here."),
        ("{event: {name: a}, as: gone}", "3:34: start_on.as: The network declares no param `gone`"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(tmp_path: Path, start_on: str, expected: str) -> None:
    found = [told(one) for one in read(tmp_path, network_text(start_on)).problems]

    assert len(found) == 1
    assert expected in found[0]


def test_a_param_that_takes_what_came_is_a_dict(tmp_path: Path) -> None:
    text = network_text("{event: {name: a}, as: x}", params="params: {x: {type: str}}\n")

    (found,) = [told(one) for one in read(tmp_path, text).problems]

    assert "3:34: start_on.as: The param `x` is a str, and what came is a dict." in found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = "{all: [{}, {event: {}}, {webhook: {path: a}}], once_per: x}"

    found = [told(one) for one in read(tmp_path, network_text(text)).problems]

    assert [one.partition(": ")[2].partition(":")[0] for one in found] == [
        "start_on.all[0]", "start_on.all[1].event", "start_on.all[2].webhook", "start_on.once_per",
    ]  # fmt: skip


def nested(depth: int) -> str:
    return "{any: [" * (depth - 1) + "{network: a}" + "]}" * (depth - 1)


def test_conditions_have_a_depth(tmp_path: Path) -> None:
    assert condition(tmp_path, nested(CONDITION_DEPTH_MAX))

    found = read(tmp_path, network_text(nested(CONDITION_DEPTH_MAX + 1))).problems

    assert [one.code for one in found] == ["too_deep"]


def test_conditions_have_a_number(tmp_path: Path) -> None:
    listed = ", ".join(["{network: a}"] * SOURCES_MAX)
    assert condition(tmp_path, f"{{any: [{listed}]}}")

    found = read(tmp_path, network_text(f"{{any: [{listed}, {{network: a}}]}}")).problems

    assert [one.code for one in found] == ["too_many_sources"]


SCHEDULE = "kind: schedule\nname: s\nnetworks: n\n"


def test_a_schedule_finds_the_inventory_beside_its_own_file(tmp_path: Path) -> None:
    source = "start_on: {file: {hosts: ftp, path: /in/a, inventory: hosts.ini}}\n"

    (document,) = read(tmp_path, SCHEDULE + source).documents

    assert isinstance(document.value, ScheduleDefinition)
    assert document.value.start_on is not None
    (leaf,) = leaves(document.value.start_on.when)
    assert isinstance(leaf.source, FileArrived)
    assert leaf.source.inventory == (str(tmp_path / "hosts.ini"),)


def test_a_mistake_in_a_schedule_is_told_at_its_place(tmp_path: Path) -> None:
    source = "start_on:\n  any:\n    - event: {name: go, where: params.x}\n    - {netwrk: a}\n"

    found = [told(one).partition(": ")[0] for one in read(tmp_path, SCHEDULE + source).problems]
    alone = source.replace("    - {netwrk: a}\n", "")
    names = [told(one) for one in read(tmp_path, SCHEDULE + alone).problems]

    assert found == ["7:8"]
    assert len(names) == 1
    assert "6:32: start_on.any[0].event.where: `params` is not known here." in names[0]
