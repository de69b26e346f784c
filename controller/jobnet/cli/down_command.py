"""Ends the controller of this machine: exactly the process that holds its lock."""

from jobnet.cli.calling import own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.typed import Form
from jobnet.client.address import place_of
from jobnet.errors.server import ControllerDidNotEnd, NoControllerHere
from jobnet.machine.server_home import end_process, holder_of


def end_controller(seconds_max: float, *, form: Form) -> int:
    """Ask it to end, wait for that, and return the exit status."""
    place = place_of(own_settings())
    holder = holder_of(place)
    if holder is None:
        raise NoControllerHere(str(place.folder))
    if not end_process(holder, seconds_max=seconds_max):
        raise ControllerDidNotEnd(holder.pid, seconds=seconds_max)
    say({"ended": holder.pid}, form, lambda: [f"The controller (process {holder.pid}) has ended."])
    return ExitCode.NORMAL
