"""Payloads that are remembered are the same bytes as those that Ansible builds."""

import datetime as dt
import shutil
import types
from collections.abc import Iterator
from pathlib import Path

import ansible.constants
import pytest
from ansible.executor import module_common
from jobnet.execution.warm_modules.payloads import preload_payloads

from tests.execution.warm_modules.serving import payload_of

MODULES = ["command", "ping", "stat"]


class _StoppedClock(dt.datetime):
    """Says the same instant always, because each payload carries one."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> "_StoppedClock":
        return cls(2026, 1, 2, 3, 4, 6, tzinfo=tz)


@pytest.fixture
def ansible_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give Ansible a stopped clock, and take back what is remembered."""
    clock = types.SimpleNamespace(datetime=_StoppedClock, timezone=dt.timezone)
    monkeypatch.setattr(module_common, "datetime", clock)
    for owner, name in (
        (module_common, "recursive_finder"),
        (module_common, "_compile_module_ast"),
        (module_common.ModuleDepFinder, "__init__"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    yield
    forget_built()


def forget_built() -> None:
    """Make the next payload be built anew, as the first task of a job does."""
    cache = Path(ansible.constants.DEFAULT_LOCAL_TMP) / "ansiballz_cache"
    shutil.rmtree(cache, ignore_errors=True)


def built(name: str, path: Path | None = None) -> bytes:
    forget_built()
    return payload_of(name, {"a": "1"}, path=path)


@pytest.mark.usefixtures("ansible_as_it_was")
def test_remembered_payloads_are_the_same_bytes() -> None:
    stock = {name: built(name) for name in (*MODULES, "slurp")}

    assert preload_payloads(MODULES) == len(MODULES)

    assert {name: built(name) for name in stock} == stock


@pytest.mark.usefixtures("ansible_as_it_was")
def test_a_project_that_hides_a_file_of_ansible_core_gets_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preload_payloads(MODULES)
    plain = built("ping")
    (tmp_path / "errors.py").write_text("WHO = 'project'\n")
    paths = types.SimpleNamespace(_get_paths=lambda **_: [str(tmp_path)])
    monkeypatch.setattr(module_common, "module_utils_loader", paths)

    hidden = built("ping")

    (tmp_path / "errors.py").unlink()
    (tmp_path / "unrelated.py").write_text("")
    assert hidden != plain
    assert built("ping") == plain


@pytest.mark.usefixtures("ansible_as_it_was")
def test_a_changed_module_is_built_by_ansible(tmp_path: Path) -> None:
    preload_payloads(MODULES)
    source = Path(module_common.__file__).parent.parent / "modules" / "ping.py"
    changed = tmp_path / "ping.py"
    changed.write_text(source.read_text() + "\n# changed\n")

    assert built("ping", changed) != built("ping")


@pytest.mark.usefixtures("ansible_as_it_was")
def test_modules_that_do_not_exist_are_left_out() -> None:
    assert preload_payloads(["no_such_module", "ping"]) == 1
    assert preload_payloads([]) == 0
