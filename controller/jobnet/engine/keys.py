"""Builds the keys of parts and flows inside one run.

The key of a part is its scope and its id: ``load``, ``per_customer[acme].load`` inside a
for-each item, ``batch.load`` inside a called network. A scope is "" or ends in a dot. The
iteration is no part of the key; ``load#3`` is how it is shown.
"""

from jobnet.ids import FlowKey, PartId, PartKey

ROOT_FLOW = FlowKey("/flow")
ITEM_KEY_MAX = 200


def part_key(scope: str, part: PartId) -> PartKey:
    """Return the key of a part inside a scope.

    >>> part_key("per_customer[acme].", PartId("load"))
    'per_customer[acme].load'
    """
    return PartKey(f"{scope}{part}")


def flow_key(owner: PartKey, slot: str) -> FlowKey:
    """Return the key of a flow inside a container.

    >>> flow_key(PartKey("night"), "rescue")
    'night/rescue'
    """
    return FlowKey(f"{owner}/{slot}")


def item_slot(item: str) -> str:
    """Return the slot of one item's flow inside a for-each: ``item[acme]``."""
    return f"item[{item}]"


def item_scope(owner: PartKey, item: str) -> str:
    """Return the scope of the parts of one item: ``per_customer[acme].``."""
    return f"{owner}[{item}]."


def call_scope(owner: PartKey) -> str:
    """Return the scope of the parts of a called network: ``batch.``."""
    return f"{owner}."


def shown(key: PartKey, iteration: int) -> str:
    """Return the key as people see it, with the iteration from the second one on.

    >>> shown(PartKey("load"), 3)
    'load#3'
    """
    return f"{key}#{iteration}" if iteration > 1 else key


def id_of(key: PartKey) -> PartId:
    """Return the id inside a key; ids hold no dots, item keys may.

    >>> id_of(PartKey("per_customer[a.b].load"))
    'load'
    """
    return PartId(key.rsplit(".", 1)[-1])


def scope_of(key: PartKey) -> str:
    """Return the scope of a key: everything before its id.

    >>> scope_of(PartKey("per_customer[a.b].load"))
    'per_customer[a.b].'
    """
    return key[: len(key) - len(id_of(key))]


def owner_of_scope(scope: str) -> PartKey:
    """Return the part that a scope belongs to: a for-each or a part that calls a network.

    Item keys hold no brackets (``clean_item_key``), so the last one opens the item.

    >>> owner_of_scope("night.per_customer[acme].")
    'night.per_customer'
    """
    inside = scope[:-1]
    return PartKey(inside.rpartition("[")[0] if inside.endswith("]") else inside)


def clean_item_key(text: str) -> str:
    """Return an item's key as it may stand in part keys: short, without brackets or controls.

    >>> clean_item_key("eu[1]")
    'eu(1)'
    """
    shortened = text[:ITEM_KEY_MAX]
    swapped = shortened.replace("[", "(").replace("]", ")")
    return "".join(char if char.isprintable() else "?" for char in swapped)
