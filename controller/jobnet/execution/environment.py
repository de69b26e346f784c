"""Says which environment a job's Ansible gets: the controller's own, corrected.

Locale: Ansible refuses to run without UTF-8, so ``LC_ALL=C`` becomes ``C.UTF-8``.
Variables by which another ansible-runner or AWX steers its jobs are taken out.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jobnet.execution.bounds import EVENT_RESULT_CHARS_MAX
from jobnet.execution.settings import ProjectSettings
from jobnet.execution.spool import ARTIFACTS, RECORDS, Spool

MARK_VARIABLE: Final = "JOBNET_JOB"
RECORDS_VARIABLE: Final = "JOBNET_RECORDS"
ARTIFACTS_VARIABLE: Final = "JOBNET_ARTIFACTS"
CALLBACK_FOLDER: Final = Path(__file__).parent / "callback_plugins"

_SOCKET_PATH_MAX: Final = 104
_SOCKET_NAME_LENGTH: Final = 32  # ssh's hash and the suffix it adds while it binds
_FOREIGN: Final = (
    "AD_HOC_COMMAND_ID",
    "AWX_ISOLATED_DATA_DIR",
    "AWX_LIB_DIRECTORY",
    "JOB_ID",
    "ORIGINAL_STDOUT_CALLBACK",
    "PROJECT_UPDATE_ID",
)


def project_environment(
    ours: Mapping[str, str], of_order: Mapping[str, str], project_root: Path
) -> dict[str, str]:
    """Return the environment in which the project's own configuration is in effect."""
    environment = {k: v for k, v in {**ours, **of_order}.items() if k not in _FOREIGN}
    config_file = project_root / "ansible.cfg"
    if config_file.is_file():
        environment["ANSIBLE_CONFIG"] = str(config_file)
    if not _is_utf8(environment):
        environment["LC_ALL"] = "C.UTF-8"
    return environment


def job_environment(
    project: Mapping[str, str],
    settings: ProjectSettings,
    spool: Spool,
    *,
    shared_sockets: Path | None = None,
) -> dict[str, str]:
    """Return what the job gets on top of that.

    ``show_custom_stats`` is always off: Ansible would print what a ``no_log`` task gave to
    ``set_stats``; outputs are shown by Jobnet. The control sockets of ssh lie in
    ``shared_sockets``, or in the job's own folder where that path is too long for a socket.
    Pipelining is on where the project says nothing about it; variables of the inventory beat
    that, as they beat any configuration.
    """
    environment = {
        **project,
        MARK_VARIABLE: spool.mark,
        RECORDS_VARIABLE: str(spool[RECORDS]),
        ARTIFACTS_VARIABLE: str(spool[ARTIFACTS]),
        "MAX_EVENT_RES": str(EVENT_RESULT_CHARS_MAX),
        "ANSIBLE_CALLBACK_PLUGINS": ":".join([*settings.callback_folders, str(CALLBACK_FOLDER)]),
        "ANSIBLE_SHOW_CUSTOM_STATS": "False",
    }
    if settings.stdout_callback:
        environment["ANSIBLE_STDOUT_CALLBACK"] = settings.stdout_callback
    if not settings.says_pipelining:
        environment["ANSIBLE_PIPELINING"] = "True"
    if not settings.has_own_control_path:
        fitting = filter(fits_a_socket, filter(None, (shared_sockets, spool["cp"])))
        if (sockets := next(fitting, None)) is not None:
            environment["ANSIBLE_SSH_CONTROL_PATH_DIR"] = str(sockets)
    return environment


def fits_a_socket(folder: Path) -> bool:
    """Tell whether ssh can have a control socket in this folder."""
    return len(str(folder)) + _SOCKET_NAME_LENGTH <= _SOCKET_PATH_MAX


def _is_utf8(environment: Mapping[str, str]) -> bool:
    effective = next(
        (environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)),
        "",
    )
    return effective.lower().replace("-", "").endswith("utf8")
