"""Says which Ansible a run will need first, so that it can be loaded while the run begins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jobnet.definition import Bundle, Flow, Network, UnitJob, flows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedJob:
    """What an Ansible is loaded for: a project, and the variables that the job adds."""

    project_root: str
    environment: Mapping[str, str]


def first_expected(bundle: Bundle) -> ExpectedJob | None:
    """Return what the first unit job of the run that may start warm needs; None without any.

    First by the text, the run's own network before those that it calls. Where the nearest
    word, of the part, what stands around it or its network, is ``warm: off``, it may not.
    """
    names = [bundle.main, *(name for name in bundle.networks if name != bundle.main)]
    return next((job for name in names for job in _of_network(bundle.networks[name])), None)


def warm_jobs(network: Network) -> Iterator[UnitJob]:
    """Yield the unit jobs of a network that may start warm, in the order of the text."""
    return _warm_jobs(network.flow, is_warm=network.placement.warm is not False)


def _of_network(network: Network) -> Iterator[ExpectedJob]:
    for job in warm_jobs(network):
        yield ExpectedJob(project_root=network.project_root, environment=job.environment)


def _warm_jobs(flow: Flow, *, is_warm: bool) -> Iterator[UnitJob]:
    for part in flow:
        said = part.placement.warm
        here = is_warm if said is None else said
        if isinstance(part.body, UnitJob) and here:
            yield part.body
        for _, inner in flows_of(part):
            yield from _warm_jobs(inner, is_warm=here)
