"""Reads from a spool what happened since the last look, as reports for people who watch."""

import codecs
from collections.abc import Iterator

from jobnet.execution.records import Record, RecordReader
from jobnet.execution.spool import OUTPUT, RECORDS, Spool
from jobnet.ids import HostName, PartKey
from jobnet.ports.jobs import JobOutput, JobProgress

_CHUNK_BYTES = 64 * 1024
_LINE_MAX = 2 * _CHUNK_BYTES


class ProgressReader:
    """Remembers how far a spool was read."""

    def __init__(self, spool: Spool, *, part: PartKey, attempt: int) -> None:
        self._output = spool[OUTPUT]
        self._records = RecordReader(spool[RECORDS])
        self._part = part
        self._attempt = attempt
        self._position = 0
        self._rest = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def new_reports(self, *, is_over: bool) -> Iterator[JobOutput | JobProgress]:
        """Yield what is new: output in whole lines, the unfinished last one only at the end."""
        for record in self._records.new_records():
            if record["kind"] in {"task", "result"}:
                yield self._progress(record)
        for text in self._new_lines():
            yield JobOutput(part=self._part, attempt=self._attempt, text=text)
        if is_over and self._rest:
            rest, self._rest = self._rest, ""
            yield JobOutput(part=self._part, attempt=self._attempt, text=rest)

    def _new_lines(self) -> Iterator[str]:
        try:
            file = self._output.open("rb")
        except FileNotFoundError:
            return
        with file:
            file.seek(self._position)
            while data := file.read(_CHUNK_BYTES):
                self._position += len(data)
                text = self._rest + self._decoder.decode(data)
                # A line of immense length is passed on in pieces.
                end = len(text) if len(text) > _LINE_MAX else text.rfind("\n") + 1
                self._rest = text[end:]
                if end:
                    yield text[:end]

    def _progress(self, record: Record) -> JobProgress:
        host = record.get("host")
        return JobProgress(
            part=self._part,
            attempt=self._attempt,
            task=str(record.get("task", "")),
            host=HostName(str(host)) if host else None,
            state=str(record.get("state", "")),
        )
