"""Verbs of the client matrix: each prints a line for every step that the wheel offers, with what was seen.

Whether that is right is for the matrix to say; what a wheel cannot do has no line.
"""

import asyncio
import datetime
import sys
from collections.abc import Awaitable, Callable

import administration
import members
from reading import read_group
from steps import step
from supervisor import emit
from wheel import settle

ROUNDS = 100
PAUSE = 0.1


async def session(session) -> None:
    """Runs on a client that is connected and logged in: both have been seen."""
    step("connect")
    step("login", user=None)
    if session.offers("ping"):
        await session.call("ping")
        step("ping")
    if session.offers("logout_user"):
        await session.call("logout_user")
        step("logout", refused=not await session.works("get_streams"))


async def streams(session) -> None:
    name = session.keys["name"]
    await session.call("create_stream", name)
    step("create")
    stream = await session.call("get_stream", name)
    step("get", name=stream.name, topics=stream.topics_count)
    if session.offers("get_streams"):
        await administration.rest_of_streams(session, name)


async def topics(session) -> None:
    stream, name = session.keys["stream"], session.keys["name"]
    await session.call("create_topic", stream, name, 3)
    step("create")
    topic = await session.call("get_topic", stream, name)
    # iggy-py calls the number of partitions `topics_count`.
    partitions = getattr(topic, "partitions_count", None) or getattr(topic, "topics_count", None)
    step("get", name=topic.name, partitions=partitions)
    if session.offers("get_topics"):
        await administration.rest_of_topics(session, stream, name)


async def highlevel(session) -> None:
    """The wheel's consumer group, which makes and joins its group, and its producer where there is one."""
    keys, api = session.keys, session.wheel.api
    stream, topic, count = keys["stream"], keys["topic"], int(keys.get("count", "10"))
    sent = [f"highlevel:{index}" for index in range(count)]
    messages = [api.SendMessage(text) for text in sent]
    if session.offers("producer"):
        mode = api.DirectProducerConfig(batch_length=4, linger_time=datetime.timedelta(milliseconds=1))
        producer = await session.call("producer", stream, topic, mode=mode)
        session.doing("send with the producer")
        await producer.send(messages)
        step("producer_sent")
    else:
        await session.call("create_stream", stream)
        await session.call("create_topic", stream, topic, 1)
        await session.call("send_messages", stream, topic, session.wheel.first_partition, messages)
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
    session, place = session.another(), session.place()
    await session.open_to_stay()

    async def everything() -> list[str]:
        messages = await session.poll(place, session.wheel.strategy("first", 0), 100)
        payloads = [message.payload() for message in messages]
        return [payload if isinstance(payload, str) else bytes(payload).decode() for payload in payloads]

    step("before", messages=await everything())
    emit("waiting")
    sys.stdin.read()
    messages, by = await _again(session, everything)
    step("after", messages=messages, by=by)
    await session.call("send_messages", *place, [session.wheel.message("later", index) for index in range(2)])
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

# Those of some wheels only, with the method that shows it.
MORE_VERBS: dict[str, tuple[str, Callable[..., Awaitable[None]]]] = {
    "highlevel": ("consumer_group", highlevel),
    "read_group": ("consumer_group", read_group),
    "partitions": ("create_partitions", administration.partitions),
    "groups": ("join_consumer_group", members.groups),
    "users": ("create_user", administration.users),
    "system": ("get_stats", administration.system),
    "purge": ("purge_topic", administration.purge),
}


def verbs_of(client_class: type) -> dict[str, Callable[..., Awaitable[None]]]:
    """Those that a wheel with this client offers."""
    return {**VERBS, **{name: verb for name, (needed, verb) in MORE_VERBS.items() if hasattr(client_class, needed)}}
