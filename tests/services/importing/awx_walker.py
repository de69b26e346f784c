"""Walks a workflow graph by the rules of AWX's own scheduler, tick by tick.

Written from what its task manager does: in every tick, nodes that will decidedly not run are
marked, then those to run are looked for from the roots along the links that were taken. Nothing
here knows how Jobnet says the same.
"""

from dataclasses import dataclass, field

SUCCESS, FAILURE, ALWAYS = "success", "failure", "always"


@dataclass
class Workflow:
    """Nodes, which of them fail, which need every link, and the links."""

    nodes: list[str]
    links: dict[tuple[str, str], str]
    wants_all: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    status: dict[str, str] = field(default_factory=dict)
    not_run: set[str] = field(default_factory=set)

    def walk(self) -> "Workflow":
        """Run until nothing is left to do; one job ends in a tick."""
        for _ in range(10 * len(self.nodes) + 10):
            while marked := self._to_mark():
                self.not_run |= marked
            self.status |= dict.fromkeys(self._to_run(), "running")
            running = [node for node in self.nodes if self.status.get(node) == "running"]
            if not running:
                return self
            self.status[running[-1]] = "failed" if running[-1] in self.failing else "successful"
        raise AssertionError("the walk did not end")

    @property
    def has_failed(self) -> bool:
        """Whether a node failed from which neither a failure nor an always link leads away."""
        failed = [node for node, status in self.status.items() if status == "failed"]
        handled = {parent for (parent, _), link in self.links.items() if link != SUCCESS}
        return any(node not in handled for node in failed)

    def _parents(self, node: str) -> list[str]:
        return [parent for parent, child in self.links if child == node]

    def _is_over(self, node: str) -> bool:
        return self.status.get(node) in {"successful", "failed"}

    def _is_taken(self, parent: str, child: str) -> bool:
        wanted = {"successful": SUCCESS, "failed": FAILURE}.get(self.status.get(parent, ""))
        return wanted is not None and self.links[parent, child] in {wanted, ALWAYS}

    def _to_mark(self) -> set[str]:
        found = set()
        for node in self.nodes:
            parents = self._parents(node)
            if not parents or node in self.not_run or node in self.status:
                continue
            over = [one for one in parents if self._is_over(one)]
            if node in self.wants_all:
                missed = any(not self._is_taken(one, node) for one in over)
                if missed or any(one in self.not_run for one in parents):
                    found.add(node)
            elif all(
                one in self.not_run or (self._is_over(one) and not self._is_taken(one, node))
                for one in parents
            ):
                found.add(node)
        return found

    def _to_run(self) -> list[str]:
        waiting = [node for node in self.nodes if not self._parents(node)]
        seen: set[str] = set()
        found: list[str] = []
        for node in waiting:
            if node in seen:
                continue
            seen.add(node)
            if node in self.not_run:
                continue
            if self._is_over(node):
                ways = [child for parent, child in self.links if parent == node]
                waiting += [child for child in ways if self._is_taken(node, child)]
            elif node not in self.status and self._may_start(node):
                found.append(node)
        return found

    def _may_start(self, node: str) -> bool:
        parents = self._parents(node)
        if any(one not in self.not_run and not self._is_over(one) for one in parents):
            return False
        return node not in self.wants_all or all(self._is_taken(one, node) for one in parents)
