"""Names the keywords of Ansible's plays, tasks and blocks, and the words that are Jobnet's own.

The tables are those of the installed ansible-core; a test compares them. They are written
down because importing Ansible costs most of half a second, which `jobnet lint` can save.
"""

# ruff: noqa: SIM905 - tables of words are read as words

PLAY_AND_TASK = frozenset(
    """any_errors_fatal become become_exe become_flags become_method become_user check_mode
    collections connection debugger diff environment ignore_errors ignore_unreachable
    module_defaults name no_log port remote_user run_once tags throttle timeout vars""".split()
)
PLAY_ONLY = frozenset(
    """fact_path force_handlers gather_facts gather_subset gather_timeout handlers hosts
    max_fail_percentage order post_tasks pre_tasks roles serial strategy tasks vars_files
    vars_prompt""".split()
)
TASK_ONLY = frozenset(
    """action args async async_val changed_when delay delegate_facts delegate_to failed_when
    local_action loop loop_control loop_with notify poll register retries until when""".split()
)
BLOCK_ONLY = frozenset(
    {"always", "block", "delegate_facts", "delegate_to", "notify", "rescue", "when"}
)
LISTEN = "listen"

PLAY_KEYWORDS = PLAY_AND_TASK | PLAY_ONLY
TASK_KEYWORDS = PLAY_AND_TASK | TASK_ONLY
ROLE_KEYWORDS = frozenset({"delegate_to", "delegate_facts", "when"})

INHERITED = (
    "inventory",
    "hosts",
    "become",
    "become_user",
    "become_method",
    "become_flags",
    "become_exe",
    "vars",
    "environment",
    "tags",
    "when",
)
BECOME = ("become", "become_user", "become_method", "become_flags")

MERGED_KEYWORDS = ("environment", "tags")
UNIT_SHAPES = ("tasks", "role", "playbook", "job")

OTHER_KINDS = (
    "network",
    "dialog",
    "branch",
    "calendar_branch",
    "parallel",
    "any_of",
    "continue_from",
    "wait_network",
    "wait_part",
    "wait_file",
    "wait_until",
    "wait_for",
    "send_event",
    "wait_event",
    "block",
    "for_each",
    "notify",
)

PART_ATTRIBUTES = frozenset(
    """id name when on_error on_lost rerun rerun_note retry exit_code exit_codes hold skip no_exec
    end_by timeout kill_grace late_start late_end overrun underrun latest_start queue priority
    nodes locks resources owner runbook severity warm""".split()
)
UNIT_ATTRIBUTES = frozenset(
    {"credentials", "execution_environment", "empty_hosts", "inventory", "hosts"}
)

HANDED_OVER = frozenset({"params", "parts", "operating_day", "run", "failed", "jobnet"})
JOBNET_ONLY = frozenset(
    {"now", "at", "next_open_day", "previous_open_day", "is_open", "network", "event"}
)
MAGIC_VARIABLES = frozenset(
    """environment groups group_names hostvars inventory_dir inventory_file inventory_hostname
    inventory_hostname_short item lookup omit playbook_dir play_hosts query role_name role_path
    vars""".split()
)
RESERVED = (
    HANDED_OVER
    | JOBNET_ONLY
    | PLAY_KEYWORDS
    | TASK_KEYWORDS
    | BLOCK_ONLY
    | MAGIC_VARIABLES
    | {"q", "role", "roles", "undef"}
)

BUILTIN_MODULES = frozenset(
    """add_host apt apt_key apt_repository assemble assert async_status blockinfile command copy
    cron deb822_repository debconf debug dnf dnf5 dpkg_selections expect fail fetch file find
    gather_facts get_url getent git group group_by hostname import_playbook import_role
    import_tasks include_role include_tasks include_vars iptables known_hosts lineinfile meta
    mount_facts package package_facts pause ping pip raw reboot replace rpm_key script service
    service_facts set_fact set_stats setup shell slurp stat subversion systemd systemd_service
    sysvinit tempfile template unarchive uri user validate_argument_spec wait_for
    wait_for_connection yum_repository""".split()
)
BUILTIN_PREFIXES = ("ansible.builtin.", "ansible.legacy.")

CONNECTION_OR_MAGIC = frozenset(
    """async_dir become become_exe become_flags become_method become_pass become_password
    become_user check_mode collection_name config_file connection delegated_vars
    dependent_role_names diff_mode facts_parallel failed_result failed_task forks host
    index_var inventory_sources limit loop loop_var network_os parent_role_names
    parent_role_paths password pipelining play_batch play_hosts play_hosts_all play_name
    play_role_names playbook_python port private_key_file remote_tmp role_name
    role_names run_tags scp_if_ssh search_path shell_executable shell_type skip_tags
    ssh_args ssh_common_args ssh_executable ssh_extra_args ssh_host ssh_pass
    ssh_password ssh_pipelining ssh_port ssh_private_key_file ssh_retries
    ssh_transfer_method ssh_user system_tmpdirs timeout user verbosity version""".split()
)
CONNECTION_PREFIXES = (
    "winrm_",
    "psrp_",
    "docker_",
    "podman_",
    "aws_ssm_",
    "sftp_",
    "scp_",
    "httpapi_",
    "netconf_",
    "persistent_",
    "paramiko_",
    "play_",
)


def gathers(name: str) -> bool:
    """Return whether a word such as ``ansible_memtotal_mb`` can only be a gathered fact."""
    short = name.removeprefix("ansible_")
    if short == name or short.endswith("_interpreter"):
        return False
    return short not in CONNECTION_OR_MAGIC and not short.startswith(CONNECTION_PREFIXES)
