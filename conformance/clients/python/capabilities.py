"""Verbs of the client matrix: each prints a line for every step that the wheel offers, with what was seen.

Whether that is right is for the matrix to say; what a wheel cannot do has no line.
"""

import asyncio
import datetime
import sys
from collections.abc import Awaitable, Callable

from reading import read_group
from supervisor import emit
from wheel import settle

ROUNDS = 100
PAUSE = 0.1


def step(name: str, /, **facts: object) -> None:
    emit("step", name=name, facts=facts)


async def session(session) -> None:
    """Runs on a client that is connected and logged in: both have been seen."""
    step("connect")
    step("login", user=None)
    if hasattr(session.client, "ping"):
        await session.call("ping")
        step("ping")


async def streams(session) -> None:
    name = session.keys["name"]
    await session.call("create_stream", name)
    step("create")
    stream = await session.call("get_stream", name)
    step("get", name=stream.name, topics=stream.topics_count)


async def topics(session) -> None:
    stream, name = session.keys["stream"], session.keys["name"]
    await session.call("create_topic", stream, name, 3)
    step("create")
    topic = await session.call("get_topic", stream, name)
    # iggy-py calls the number of partitions `topics_count`.
    partitions = getattr(topic, "partitions_count", None) or getattr(topic, "topics_count", None)
    step("get", name=topic.name, partitions=partitions)


async def highlevel(session) -> None:
    """The wheel's consumer group, which makes and joins its group; there is no high-level producer."""
    keys, api = session.keys, session.wheel.api
    stream, topic, count = keys["stream"], keys["topic"], int(keys.get("count", "10"))
    await session.call("create_stream", stream)
    await session.call("create_topic", stream, topic, 1)
    sent = [f"highlevel:{index}" for index in range(count)]
    partition = session.wheel.first_partition
    await session.call("send_messages", stream, topic, partition, [api.SendMessage(text) for text in sent])
    every = datetime.timedelta(milliseconds=5)
    commit = api.AutoCommit.IntervalOrWhen(
        datetime.timedelta(milliseconds=100), api.AutoCommitWhen.ConsumingAllMessages()
    )
    consumer = await session.call(
        "consumer_group", "conformance", stream, topic, None, api.PollingStrategy.Next(), 4, commit, poll_interval=every
    )
    step("consumer_group_joined")
    received: list[str] = []
    done = asyncio.Event()

    async def take(message) -> None:
        received.append(bytes(message.payload()).decode())
        if len(received) == count:
            done.set()

    session.doing("consume_messages")
    await consumer.consume_messages(take, done)
    if received != sent:
        raise AssertionError(f"received {received}")
    step("consumer_received_all")


async def restart(session) -> None:
    """Stays connected while the server is started again, and goes on with the same client."""
    keys, api = session.keys, session.wheel.api
    place = (keys["stream"], keys["topic"], int(keys["partition"]))

    async def everything() -> list[str]:
        strategy = session.wheel.strategy("first", 0)
        messages = await session.call("poll_messages", *place, strategy, 100, False)
        payloads = [message.payload() for message in messages]
        return [payload if isinstance(payload, str) else bytes(payload).decode() for payload in payloads]

    step("before", messages=await everything())
    emit("waiting")
    sys.stdin.read()
    messages, by = await _again(session, everything)
    step("after", messages=messages, by=by)
    await session.call("send_messages", *place, [api.SendMessage(f"later:{index}") for index in range(2)])
    step("send", messages=await everything())


async def _again(session, everything: Callable[[], Awaitable[list[str]]]) -> tuple[list[str], str]:
    """The wheel comes back to the server by itself; whether it logs in again, too, depends on how it was made."""
    failure: Exception | None = None
    for _ in range(ROUNDS):
        try:
            return await everything(), "itself" if failure is None else "caller"
        except RuntimeError as error:
            failure = error
        await asyncio.sleep(PAUSE)
        try:
            await settle(session.client.login_user("iggy", "iggy"))
        except RuntimeError as error:
            failure = error
    raise failure


VERBS: dict[str, Callable[..., Awaitable[None]]] = {
    "session": session,
    "streams": streams,
    "topics": topics,
    "restart": restart,
}


def verbs_of(client_class: type) -> dict[str, Callable[..., Awaitable[None]]]:
    """Those that a wheel with this client offers."""
    if not hasattr(client_class, "consumer_group"):
        return VERBS
    return {**VERBS, "highlevel": highlevel, "read_group": read_group}
