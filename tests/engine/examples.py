"""One line of an example table: a sentence, a network that it is about, and what comes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from jobnet.definition import Network, Part
from jobnet.engine.orders import Order

from tests.engine.building import network
from tests.engine.played import Played
from tests.engine.playing import Arrival, play
from tests.engine.scripting import Script


@dataclass(frozen=True, kw_only=True)
class Example:
    """``states`` are the parts that the sentence is about; ``seconds`` is when the run ended."""

    flow: tuple[Part, ...] = ()
    main: Network | None = None
    script: Script = field(default_factory=dict)
    orders_at: Mapping[float, Sequence[Order]] = field(default_factory=dict)
    arrivals_at: Mapping[float, Sequence[Arrival]] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    run: str = "normal"
    seconds: float | None = None
    also: Callable[[Played], object] | None = None

    def play(self) -> Played:
        """Play the network of the example."""
        return play(
            self.main or network(*self.flow),
            self.script,
            orders_at=self.orders_at,
            arrivals_at=self.arrivals_at,
            **self.more,
        )

    def prove(self) -> None:
        """Play it and compare all that the example says with what became of it."""
        played = self.play()

        seen = {key: played.states.get(key) for key in self.states}
        assert (played.run, seen) == (self.run, dict(self.states))
        if self.seconds is not None:
            assert played.seconds == self.seconds
        if self.also is not None:
            assert self.also(played)


def says(sentence: str, *flow: Part, **words: Any) -> ParameterSet:  # noqa: ANN401
    """Return a row of a table whose id is the sentence."""
    return pytest.param(Example(flow=flow, **words), id=sentence)
