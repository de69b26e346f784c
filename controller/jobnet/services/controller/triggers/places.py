"""Says where the files of a start condition lie: on this machine, or on hosts of a project."""

from pathlib import Path
from typing import Final, Protocol

from jobnet.definition import Network
from jobnet.ids import EditionId, NetworkName
from jobnet.schedules import FileArrived
from jobnet.services.controller.triggers.book import Trigger
from jobnet.services.host_looks import Hosts

HERE: Final = frozenset({"localhost", "127.0.0.1"})


class Definitions(Protocol):
    """What is needed of the definitions that have been applied."""

    def network(self, name: NetworkName, *, edition: EditionId | None = None) -> Network | None:
        """Return a network as its own text says; None where it is not applied."""


class Places:
    """Finds the project of a trigger: that of the first network that it starts."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def hosts_of(self, trigger: Trigger, source: FileArrived) -> Hosts | None:
        """Return the hosts to look at, and how to get there; None for this machine."""
        if source.hosts in HERE:
            return None
        networks = trigger.planned.networks
        network = self._definitions.network(networks[0]) if networks else None
        return Hosts(
            pattern=source.hosts,
            inventory=source.inventory,
            project_root="" if network is None else network.project_root,
            network_folder="" if network is None else str(Path(network.file).parent),
            warm=True,
        )
