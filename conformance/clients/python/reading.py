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
        headers=None,
        partition=offered(message, "partition_id"),
    )


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
