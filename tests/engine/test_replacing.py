"""The fast copy of a record is what ``dataclasses.replace`` would have made."""

import dataclasses
from datetime import UTC, datetime

import pytest
from jobnet.engine.replacing import replace
from jobnet.engine.states import State
from jobnet.engine.tracker import PartRecord
from jobnet.ids import FlowKey, PartKey

RECORD = PartRecord(
    key=PartKey("load"), flow=FlowKey("/flow"), since=datetime(2026, 5, 29, tzinfo=UTC), attempt=2
)


def test_a_copy_has_the_new_values_and_keeps_all_others() -> None:
    copy = replace(RECORD, state=State.RUNNING, message="on its way")

    assert copy == dataclasses.replace(RECORD, state=State.RUNNING, message="on its way")
    assert RECORD.state is State.FIXED


def test_a_copy_without_changes_is_equal_and_another_object() -> None:
    copy = replace(RECORD)

    assert copy == RECORD
    assert copy is not RECORD


def test_a_field_that_the_record_does_not_have_is_an_error() -> None:
    with pytest.raises(AttributeError):
        replace(RECORD, colour="red")
