"""What a plan needs of an edition: definitions with qualified names, calendars, zones."""

from pathlib import Path

from jobnet.ids import NetworkName
from jobnet.project import GivenFile, Reading, Site, open_texts, read_project
from jobnet.project.schedule_bundles import schedules_of, triggers_of, windows_of
from jobnet.schedules import NetworkEnded, WebhookCalled, leaves

CALENDARS = """
kind: calendar
name: group
week: {open: [mon]}
timezone: Asia/Tokyo
---
kind: calendar
name: office
extends: group
---
kind: calendar
name: freeze
week: {open: [mon]}
timezone: Europe/Berlin
"""
NETWORK = "kind: network\nname: {name}\nflow: [{{wait_for: 1s}}]\n"


def project(folder: Path, **files: str) -> Reading:
    (folder / "ansible.cfg").touch()
    for name, text in {"calendars": CALENDARS, **files}.items():
        file = folder / f"{name.replace('__', '/')}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return read_project([folder])


def network(name: str, *words: str) -> str:
    return NETWORK.format(name=name) + "".join(f"{word}\n" for word in words)


def schedule(name: str, *words: str) -> str:
    return f"kind: schedule\nname: {name}\n" + "".join(f"{word}\n" for word in words)


def test_names_are_qualified_from_the_folder_of_the_schedule(tmp_path: Path) -> None:
    reading = project(
        tmp_path,
        pay__load=network("load"),
        load=network("load"),
        pay__nightly=schedule(
            "nightly", "networks: [load, /load]", "calendar: office",
            "exclude: [{calendar: freeze}]", "start_on: {network: load}",
        ),
    )  # fmt: skip

    planned = schedules_of(reading)["pay/nightly"]

    assert planned.definition.networks == ("pay/load", "load")
    assert (planned.definition.calendar, planned.definition.exclude[0].calendar) == (
        "office", "freeze",
    )  # fmt: skip
    assert planned.definition.start_on is not None
    (leaf,) = leaves(planned.definition.start_on.when)
    assert leaf.source == NetworkEnded(network="pay/load")
    assert sorted(planned.calendars) == ["freeze", "group", "office"]
    assert planned.calendars["office"].extends == "group"
    assert (planned.lacks_calendar, planned.problems) == (False, ())


def zones(folder: Path, *, of_schedule: str = "", of_network: str = "", calendar: str = "") -> str:
    words = [f"timezone: {of_schedule}"] * bool(of_schedule)
    words += [f"calendar: {calendar}"] * bool(calendar)
    reading = project(
        folder,
        n=network("n", *[f"timezone: {of_network}"] * bool(of_network)),
        s=schedule("s", "networks: n", *words),
    )
    return str(schedules_of(reading)["s"].zones[NetworkName("n")])


def test_the_zone_of_a_schedule_goes_first(tmp_path: Path) -> None:
    found = zones(tmp_path, of_schedule="UTC", of_network="Europe/Paris", calendar="office")

    assert found == "UTC"


def test_then_that_of_the_network(tmp_path: Path) -> None:
    assert zones(tmp_path, of_network="Europe/Paris", calendar="office") == "Europe/Paris"


def test_then_that_of_the_calendar_or_of_those_it_extends(tmp_path: Path) -> None:
    assert zones(tmp_path, calendar="office") == "Asia/Tokyo"


def test_then_the_installation_decides(tmp_path: Path) -> None:
    assert zones(tmp_path) == "None"


def test_a_schedule_without_a_calendar_has_the_zone_of_its_networks_calendar(
    tmp_path: Path,
) -> None:
    reading = project(tmp_path, n=network("n", "calendar: freeze"), s=schedule("s", "networks: n"))

    planned = schedules_of(reading)["s"]

    assert planned.zones == {"n": "Europe/Berlin"}
    assert (planned.definition.calendar, planned.calendars) == (None, {})


def test_a_network_that_is_not_there_is_left_out_and_told(tmp_path: Path) -> None:
    reading = project(tmp_path, n=network("n"), s=schedule("s", "networks: [gone, n]"))

    planned = schedules_of(reading)["s"]

    assert planned.definition.networks == ("n",)
    assert [(one.code, one.path) for one in planned.problems] == [
        ("unknown_network", "networks[0]")
    ]


def test_a_calendar_that_is_not_there_is_told_and_no_reason_to_plan_without(
    tmp_path: Path,
) -> None:
    lost = "kind: calendar\nname: lost\nextends: gone\n"
    reading = project(
        tmp_path, lost=lost, n=network("n"), s=schedule("s", "networks: n", "calendar: lost")
    )

    planned = schedules_of(reading)["s"]

    assert planned.lacks_calendar
    assert [one.what for one in planned.problems] == ["No calendar is called `gone`"]


def test_a_chain_of_calendars_may_be_a_circle_or_very_long(tmp_path: Path) -> None:
    chain = "".join(
        f"---\nkind: calendar\nname: c{n}\nextends: c{(n + 1) % 900}\n" for n in range(900)
    )
    reading = project(
        tmp_path, chain=chain, n=network("n"), s=schedule("s", "networks: n", "calendar: c0")
    )

    planned = schedules_of(reading)["s"]

    assert len(planned.calendars) == 900
    assert planned.zones == {"n": None}


def test_a_text_stays_the_text_that_was_written_where_the_network_wants_one(
    tmp_path: Path,
) -> None:
    reading = project(
        tmp_path,
        n=network("n", "params: {release: {type: str}, rows: {type: int}}"),
        s=schedule("s", "networks: n", "params: {release: 1.10, rows: 5}"),
    )

    params = schedules_of(reading)["s"].definition.params

    assert params == {"release": "1.10", "rows": 5}
    assert type(params["rows"]) is int


def test_networks_and_schedules_bear_triggers(tmp_path: Path) -> None:
    hook = "kind: credential\nname: key\ntype: token\nvalue: stored\n"
    reading = project(
        tmp_path,
        key=hook,
        pay__load=network(
            "load", "calendar: office", "start_on: {webhook: {path: pay, credential: key}}"
        ),
        pay__report=network("report"),
        pay__s=schedule(
            "s", "networks: [report]", "params: {a: 1}", "start_on: {network: load}",
            "valid: {from: 2026-04-01}",
        ),
    )  # fmt: skip

    of_network, of_schedule = triggers_of(reading)

    assert (of_network.name, of_network.networks) == ("pay/load", ("pay/load",))
    assert (of_network.calendar, of_network.zones) == ("office", {"pay/load": "Asia/Tokyo"})
    assert [one.source for one in leaves(of_network.condition.when)] == [
        WebhookCalled(path="pay", credential="key")
    ]
    assert (of_schedule.name, of_schedule.networks) == ("pay/s", ("pay/report",))
    assert [one.source for one in leaves(of_schedule.condition.when)] == [
        NetworkEnded(network="pay/load")
    ]
    assert (of_schedule.params, str(of_schedule.valid_from)) == ({"a": 1}, "2026-04-01")
    assert of_schedule.schedule is not None


def test_windows_name_queues_and_networks_in_full(tmp_path: Path) -> None:
    reading = project(
        tmp_path,
        db__n=network("n"),
        q="kind: queue\nname: q\n",
        db__w="kind: window\nname: w\nqueues: q\nnetworks: n\ncalendar: office\nrules: []\n",
    )

    planned = windows_of(reading)["db/w"]

    assert (planned.definition.queues, planned.definition.networks) == (("q",), ("db/n",))
    assert (planned.zone, planned.problems) == ("Asia/Tokyo", ())


def test_texts_that_were_kept_are_resolved_without_reading_all_of_them() -> None:
    base = Path("/kept")
    files = [
        GivenFile(path=base / name, base=base, text=text, site=Site(file=base / name, root=base))
        for name, text in {
            "n.yml": network("n", "start_on: {event: {name: go}}"),
            "s.yml": schedule("s", "networks: n", 'rules: {at: "22:00"}'),
            "w.yml": "kind: window\nname: w\nhosts: db\nrules: []\n",
        }.items()
    ]

    reading = open_texts(files)

    assert list(schedules_of(reading)) == ["s"]
    assert [one.name for one in triggers_of(reading)] == ["n"]
    assert list(windows_of(reading)) == ["w"]
