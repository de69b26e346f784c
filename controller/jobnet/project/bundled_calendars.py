"""Makes the calendars of a bundle ready to be asked: those that its networks name.

A bundle also carries what these are made of. That is not asked by anybody, and may have no week.
"""

from jobnet.calendars import Calendar, compile_calendar
from jobnet.definition import Bundle
from jobnet.project.bundles import uses


def calendars_of(made: Bundle) -> dict[str, Calendar]:
    """Return the calendars that the networks and branches of a bundle name, by these names."""
    named = {
        use.name for network in made.networks.values() for use in uses(network)
        if use.kind == "calendar"
    }  # fmt: skip
    return {
        name: compile_calendar(made.calendars[name], parents=made.calendars)
        for name in sorted(named)
    }
