"""Keeps secrets out of what a run journals, shows and hands over: no param may hold one."""

from collections.abc import Mapping

from jobnet.definition import Network
from jobnet.errors.play import SecretIsLiteral


def refuse_secrets(network: Network, params: Mapping[str, object]) -> None:
    """Refuse params of type secret that have a value; the message names them, not the values."""
    secret = [
        name
        for name, param in network.params.items()
        if param.type == "secret" and params.get(name) is not None
    ]
    if secret:
        raise SecretIsLiteral(network.name, secret)
