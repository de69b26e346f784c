"""Equal work costs equally everywhere, and what it costs changes only knowingly."""

from tests.expressions import costs


def test_each_example_ends_within_the_costs_that_are_written_down() -> None:
    written = costs.written()

    dearer = [
        text
        for text, (steps, size) in written.items()
        if not costs.fits(text, steps_max=steps, bytes_max=size)
    ]

    assert dearer == []


def test_no_example_ends_within_less() -> None:
    written = costs.written()

    cheaper = [
        text
        for text, (steps, size) in written.items()
        if (steps > 1 and costs.fits(text, steps_max=steps - 1))
        or (size > 1 and costs.fits(text, bytes_max=size - 1))
    ]

    assert cheaper == []


def test_every_example_has_its_costs_written_down() -> None:
    written = costs.written()

    assert set(costs.OF_ANSIBLE) <= set(written)
