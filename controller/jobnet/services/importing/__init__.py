"""Imports what other schedulers know: crontabs, systemd timers and exports of AWX.

Text in, documents of Jobnet and a report out. Nothing is asked of a controller or a host, and
nothing is dropped in silence: ``Report`` says of everything what became of it.
"""

from jobnet.services.importing.awx import import_awx
from jobnet.services.importing.crontabs import import_crontabs
from jobnet.services.importing.documents import ImportedDocument
from jobnet.services.importing.importing import Imported, ImportWishes, SourceFile
from jobnet.services.importing.report import Outcome, Remark, Report
from jobnet.services.importing.timers import import_timers

__all__ = [
    "ImportWishes",
    "Imported",
    "ImportedDocument",
    "Outcome",
    "Remark",
    "Report",
    "SourceFile",
    "import_awx",
    "import_crontabs",
    "import_timers",
]
