"""What the wheels read: how a message is shown, and the verb that reads as a member of a consumer group."""

import asyncio
import datetime

from supervisor import emit
from wheel import offered

POLL_EVERY = datetime.timedelta(milliseconds=5)


def show_message(message: object) -> None:
    """Prints a message as far as its wheel shows it."""
    payload = message.payload()
    identifier = offered(message, "id")
    emit(
        "message",
        offset=message.offset(),
        payload=(payload.encode() if isinstance(payload, str) else payload).hex(),
        id=None if identifier is None else str(identifier),
        timestamp=offered(message, "timestamp"),
        headers=_show_headers(offered(message, "user_headers")),
        partition=offered(message, "partition_id"),
    )


def _show_headers(headers: object) -> object:
    """Each with its kind and the bytes of its value."""
    return None if not headers else {key.value: _show_header(value) for key, value in headers.items()}


def _show_header(header: object) -> list[str]:
    kind, value = type(header).__name__, header.value
    match kind:
        case "String":
            return ["string", value.encode().hex()]
        case "Bool":
            return ["bool", bytes([value]).hex()]
        case "UnsignedInt32":
            return ["uint32", value.to_bytes(4, "little").hex()]
    raise ValueError(f"a header of kind {kind}, which no client of these tests sends")


async def read_group(session) -> None:
    """Makes a group, joins it and reads through it until there are `count` messages."""
    keys, api = session.keys, session.wheel.api
    commit = api.AutoCommit.When(api.AutoCommitWhen.PollingMessages())
    consumer = await session.call(
        "consumer_group",
        *(keys["group"], keys["stream"], keys["topic"], None),
        *(api.PollingStrategy.Next(), int(keys["batch"]), commit),
        poll_interval=POLL_EVERY,
    )
    wanted, read, done = int(keys["count"]), 0, asyncio.Event()

    async def take(message: object) -> None:
        nonlocal read
        show_message(message)
        read += 1
        if read == wanted:
            done.set()

    session.doing("consume_messages")
    await consumer.consume_messages(take, done)
    emit("read", count=read)
