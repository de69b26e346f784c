"""Reads the parts that hold no flow: waits, events, dialogs, messages, calls, continuity."""

# ruff: noqa: ARG001 - all kinds of part are read through one signature

from datetime import timedelta

from jobnet.definition import (
    AnswerRule,
    ContinueFrom,
    Dialog,
    FormField,
    Match,
    Notify,
    SendEvent,
    SubNetwork,
    WaitEvent,
    WaitFile,
    WaitFor,
    WaitLimit,
    WaitNetwork,
    WaitPart,
    WaitUntil,
)
from jobnet.ids import PartId
from jobnet.project.context import Build, Place
from jobnet.project.nodes import Mapping, Node, child
from jobnet.project.params import Unfit, convert, declared, plain_value
from jobnet.project.paths import inventories, joined_hosts
from jobnet.project.schema.bodies import (
    ContinueShape,
    DialogShape,
    FormFieldShape,
    NotifyShape,
    SendEventShape,
    SubNetworkShape,
    WaitEventShape,
    WaitFileShape,
    WaitForShape,
    WaitLimitShape,
    WaitNetworkShape,
    WaitPartShape,
    WaitUntilShape,
)
from jobnet.project.schema.documents import ParamShape
from jobnet.project.suggestions import shown, suggest
from jobnet.project.trees import mapping_tree, tree

POLL = timedelta(seconds=5)
NEVER = timedelta(0)


def continue_from(shape: ContinueShape, node: Node, place: Place, build: Build) -> ContinueFrom:
    """Return a continuity; where it may jump to is checked when the flow is known."""
    return ContinueFrom(
        target=PartId(shape.continue_from),
        interval=shape.interval or NEVER,
        max_times=shape.max_times,
        until=shape.until,
    )


def wait_network(shape: WaitNetworkShape, node: Node, place: Place, build: Build) -> WaitNetwork:
    """Return a wait for another network."""
    return WaitNetwork(
        network=shape.network,
        match=_match(shape.match, shape.within, node, place, build),
        within=shape.within,
        result=shape.result,
        on_other=shape.on_other,
        limit=_limit(shape, node, place, build),
    )


def wait_part(shape: WaitPartShape, node: Node, place: Place, build: Build) -> WaitPart:
    """Return a wait for a part, of another network or of this run."""
    return WaitPart(
        network=shape.network,
        part=shape.part,
        match=_match(shape.match, shape.within, node, place, build),
        within=shape.within,
        result=shape.result,
        on_other=shape.on_other,
        limit=_limit(shape, node, place, build),
    )


def wait_file(shape: WaitFileShape, node: Node, place: Place, build: Build) -> WaitFile:
    """Return a file wait; without ``hosts`` anywhere the file is on this machine."""
    if shape.poll is not None and not shape.poll:
        build.object_to(
            child(node, "poll") or node,
            place.at("poll"),
            "no_poll",
            "A file cannot be looked at all the time",
            "Write 1s or more",
        )
    own = inventories(shape.inventory, build.file_folder)
    return WaitFile(
        hosts=joined_hosts(shape.hosts) if shape.hosts else place.inherited.hosts,
        path=shape.path,
        event=shape.event,
        accepts_existing=shape.existing == "accept",
        settle=shape.settle or NEVER,
        poll=shape.poll or POLL,
        hosts_match=shape.hosts_match,
        inventory=own or place.inherited.inventory,
        limit=_limit(shape, node, place, build),
    )


def wait_until(shape: WaitUntilShape, node: Node, place: Place, build: Build) -> WaitUntil:
    """Return a wait for a clock time."""
    return WaitUntil(clock=shape.wait_until)


def wait_for(shape: WaitForShape, node: Node, place: Place, build: Build) -> WaitFor:
    """Return a wait for a duration."""
    return WaitFor(duration=shape.wait_for)


def send_event(shape: SendEventShape, node: Node, place: Place, build: Build) -> SendEvent:
    """Return the sending of an event."""
    return SendEvent(
        name=shape.name, data=tree(shape.data, place.at("data"), build), keep=shape.keep or NEVER
    )


def wait_event(shape: WaitEventShape, node: Node, place: Place, build: Build) -> WaitEvent:
    """Return a wait for an event."""
    return WaitEvent(
        name=shape.name,
        where=shape.where,
        match=_match(shape.match, shape.within, node, place, build),
        within=shape.within,
        limit=_limit(shape, node, place, build),
    )


def _match(
    match: Match | None, within: timedelta | None, node: Node, place: Place, build: Build
) -> Match:
    if within is not None and match not in (None, Match.WITHIN):
        build.object_to(
            child(node, "match") or node,
            place.at("match"),
            "match_and_within",
            f"`match: {match}` and `within` say two things",
            "Remove one of them",
        )
    if within is None and match is Match.WITHIN:
        build.object_to(
            child(node, "match") or node,
            place.at("match"),
            "missing_key",
            "`match: within` does not say within what",
            "Write `within: 6h`",
        )
    return Match.WITHIN if within is not None else match or Match.SAME_DAY


def _limit(shape: WaitLimitShape, node: Node, place: Place, build: Build) -> WaitLimit:
    if "on_timeout" in shape.model_fields_set and shape.timeout is None:
        build.object_to(
            child(node, "on_timeout") or node,
            place.at("on_timeout"),
            "no_timeout",
            "Without `timeout` this wait never times out",
            "Add `timeout: 2h`",
        )
    return WaitLimit(timeout=shape.timeout, on_timeout=shape.on_timeout)


def dialog(shape: DialogShape, node: Node, place: Place, build: Build) -> Dialog:
    """Return a dialog, with its default answer checked against the choices."""
    where = child(node, "on_timeout") or node
    if shape.on_timeout is not None and shape.on_timeout not in shape.choices:
        build.object_to(
            where,
            place.at("on_timeout"),
            "unknown_choice",
            f"`{shown(shape.on_timeout)}` is none of the choices",
            suggest(shape.on_timeout, shape.choices),
        )
    if shape.on_timeout is not None and shape.timeout is None:
        build.object_to(
            where,
            place.at("on_timeout"),
            "no_timeout",
            "Without `timeout` this dialog never times out",
            "Add `timeout: 2h`",
        )
    form = child(node, "form")
    answer = shape.answer
    return Dialog(
        message=shape.message,
        choices=dict(shape.choices),
        form={
            name: _form_field(
                field, child(form, name) if form else None, place.at("form", name), build
            )
            for name, field in shape.form.items()
        },
        answer=AnswerRule(
            users=tuple(answer.users),
            roles=tuple(answer.roles),
            not_submitter=answer.not_submitter,
            votes=answer.votes,
        ),
        timeout=shape.timeout,
        on_timeout=shape.on_timeout,
    )


def _form_field(shape: FormFieldShape, node: Node | None, place: Place, build: Build) -> FormField:
    field = FormField(
        type=shape.type,
        required=shape.required,
        default=plain_value(shape.default),
        choices=tuple(plain_value(one) for one in shape.choices),
        description=shape.description,
    )
    if shape.default is not None and node is not None:
        words = {key: getattr(shape, key) for key in ("type", "default", "choices")}
        try:
            convert(shape.default, declared(ParamShape.model_construct(None, **words)))
        except Unfit as objection:
            build.object_to(
                child(node, "default") or node,
                place.at("default"),
                "wrong_type",
                f"The default does not fit: {objection}",
            )
    return field


def notify(shape: NotifyShape, node: Node, place: Place, build: Build) -> Notify:
    """Return a notify part; whom its names mean is resolved with the bundle."""
    return Notify(
        to=tuple(shape.to),
        message=shape.message,
        subject=shape.subject,
        attach=tuple(shape.attach),
        digest=shape.digest,
    )


def sub_network(shape: SubNetworkShape, node: Node, place: Place, build: Build) -> SubNetwork:
    """Return a called network; its params are checked when its declaration is known."""
    given = shape.params
    if given is not None and not isinstance(given, Mapping):
        build.object_to(given, place.at("params"), "wrong_type", "A mapping belongs here")
        given = None
    params = mapping_tree(given, place.at("params"), build) if given is not None else {}
    return SubNetwork(network=shape.network, params=params)
