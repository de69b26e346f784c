"""Examines the controller that the other commands would ask, for ``jobnet doctor``."""

from importlib.metadata import version

from jobnet.client import Client, find_controller
from jobnet.client.address import place_of
from jobnet.errors import ControllerError
from jobnet.errors.client import NoControllerFound
from jobnet.machine.server_home import holder_of
from jobnet.ports.findings import Finding, Grade
from jobnet.settings import Settings

NAME = "controller"


def examine_controller(settings: Settings) -> Finding:
    """Return how it is; that there is none keeps no job from running."""
    try:
        address = find_controller(settings)
    except NoControllerFound:
        text = "none runs here; plays need none"
        return Finding(name=NAME, grade=Grade.NOTE, text=text, advice="jobnet up starts one")
    except ControllerError as error:
        return Finding(name=NAME, grade=Grade.WARNING, text=str(error))
    with Client(address, pause=lambda _: None) as client:
        try:
            health, caller = client.health(), client.get("/whoami")
        except ControllerError as error:
            return _away(settings, error)
    if not health.get("is_well"):
        text = f"{address.url}: {'; '.join(health.get('problems', ()))}"
        return Finding(name=NAME, grade=Grade.BAD, text=text, advice="read its log")
    text = f"{address.url} answers {caller['name']}, version {caller['version']}"
    if caller["version"] != version("jobnet"):
        advice = f"this command is version {version('jobnet')}: jobnet down, then jobnet up"
        return Finding(name=NAME, grade=Grade.WARNING, text=text, advice=advice)
    return Finding(name=NAME, grade=Grade.OK, text=text)


def _away(settings: Settings, error: ControllerError) -> Finding:
    """Tell one that was killed from one that lives and does not answer."""
    is_ours = not settings.url
    if is_ours and holder_of(place_of(settings)) is None:
        text = "it has ended without saying so; nothing is lost"
        advice = "jobnet up goes on where it stopped"
        return Finding(name=NAME, grade=Grade.WARNING, text=text, advice=advice)
    return Finding(name=NAME, grade=Grade.WARNING, text=str(error))
