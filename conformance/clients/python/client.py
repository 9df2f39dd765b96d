"""An official Python client as a command line program for conformance runs.

    client.py WHEEL_FOLDER VERB key=value...

Prints JSON lines. The same code drives every wheel; see wheel.py for what differs.
"""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable

from capabilities import verbs_of
from reading import show_message
from supervisor import emit, supervise
from session import Keys, Session
from wheel import Wheel

SECONDS = 20

async def setup(session: Session) -> None:
    keys = session.keys
    await session.ping_if_offered()
    await session.call("create_stream", keys["stream"])
    await session.call("create_topic", keys["stream"], keys["topic"], int(keys.get("partitions", "2")))
    await show(session)


async def show(session: Session) -> None:
    """Prints a stream and a topic of it as this client sees them."""
    keys = session.keys
    stream = await session.call("get_stream", keys["stream"])
    emit("stream", id=stream.id, name=stream.name, topics=stream.topics_count)
    topic = await session.call("get_topic", keys["stream"], keys["topic"])
    # iggy-py calls the number of partitions `topics_count`.
    partitions = getattr(topic, "partitions_count", None) or getattr(topic, "topics_count", None)
    ids = [partition.id for partition in topic.partitions] if hasattr(topic, "partitions") else None
    emit("topic", id=topic.id, name=topic.name, partitions=partitions, partitionIds=ids)


async def send(session: Session) -> None:
    """To `partition` first, and so on over `partitions` of them."""
    first, partitions = int(session.keys["partition"]), int(session.keys.get("partitions", "1"))
    await _send(session, lambda batch: first + batch % partitions)


async def send_balanced(session: Session) -> None:
    await _send(session, lambda _: session.wheel.api.Partitioning.balanced())


async def send_key(session: Session) -> None:
    await _send(session, lambda _: session.wheel.api.Partitioning.messages_key(session.keys["key"]))


async def _send(session: Session, partitioning_of: Callable[[int], object]) -> None:
    """Sends in batches, two unless told their size; each goes where its number leads."""
    keys, count = session.keys, int(session.keys["count"])
    size = int(keys.get("batch", (count + 1) // 2))
    for number, begin in enumerate(range(0, count, size)):
        indexes = range(begin, min(begin + size, count))
        messages = [session.wheel.message(keys["seed"], index) for index in indexes]
        await session.call("send_messages", keys["stream"], keys["topic"], partitioning_of(number), messages)
    emit("sent", count=count)


async def poll(session: Session) -> None:
    keys = session.keys
    auto_commit = keys.get("auto_commit", "false") == "true"
    if auto_commit or keys["strategy"] == "next":
        _require_own_consumer(session)
    strategy = session.wheel.strategy(keys["strategy"], int(keys.get("value", "0")))
    consumer = int(keys.get("consumer", "1"))
    messages = await session.poll(session.place(), strategy, int(keys["count"]), auto_commit, consumer)
    for message in messages:
        show_message(message)
    emit("polled", partition=None, currentOffset=None, count=len(messages))


def _require_own_consumer(session: Session) -> None:
    own = session.wheel.consumer
    if own is not None and int(session.keys.get("consumer", own)) != own:
        raise ValueError(f"this wheel always polls as consumer {own}, so its offsets are kept there")


async def errors(session: Session) -> None:
    """Two refusals, then calls that only succeed when both error replies were read to their last byte."""
    keys = session.keys
    missing = f"missing-{keys.get('seed', 'stream')}"
    one = [session.wheel.api.SendMessage("refuse me")]
    partition = session.wheel.first_partition
    await _refused(session, "create_topic", missing, "topic", 1)
    await _refused(session, "send_messages", missing, "topic", partition, one)
    await session.ping_if_offered()
    name = None
    if "stream" in keys:
        stream = await session.call("get_stream", keys["stream"])
        name = stream.name
    emit("alive", stream=name)


async def _refused(session: Session, method: str, *arguments: object) -> None:
    try:
        await session.call(method, *arguments)
    except RuntimeError as error:
        # The wheels raise the SDK's debug text; only the oldest SDK's names the status code.
        code = re.match(r"InvalidResponse\((\d+),", str(error))
        emit("refused", code=int(code[1]) if code else None, message=str(error))
    else:
        raise AssertionError(f"{method} was expected to be refused")


VERBS: dict[str, Callable[[Session], Awaitable[None]]] = {
    "setup": setup,
    "show": show,
    "send": send,
    "poll": poll,
    "errors": errors,
}

# Where the sender says more than a partition.
CHOOSING: dict[str, Callable[[Session], Awaitable[None]]] = {"send_balanced": send_balanced, "send_key": send_key}


def print_verbs(wheel: Wheel, verbs: dict[str, Callable[[Session], Awaitable[None]]]) -> None:
    emit(
        "verbs",
        verbs=[*verbs],
        strategies=wheel.strategies,
        headers=wheel.headers,
        ids=wheel.headers,
        generation=wheel.generation,
        consumer=wheel.consumer,
        client=f"{wheel.name} {wheel.version}",
    )


def run(folder: str, verb: str, keys: Keys, doing: Callable[[str], None]) -> None:
    doing(f"load the wheel in {folder}")
    sys.path.insert(0, folder)
    wheel = Wheel(folder)
    verbs = {**VERBS, **(CHOOSING if hasattr(wheel.api, "Partitioning") else {}), **verbs_of(wheel.api.IggyClient)}
    if verb == "verbs":
        print_verbs(wheel, verbs)
        return
    if verb not in verbs:
        raise ValueError(f"verb {verb} is not offered; there are {', '.join(verbs)}")
    session = Session(wheel, keys, doing)

    async def conversation() -> None:
        await session.open()
        await verbs[verb](session)

    asyncio.run(conversation())


def main(arguments: list[str]) -> int:
    if len(arguments) < 2 or any("=" not in pair for pair in arguments[2:]):
        emit("error", message="usage: client.py WHEEL_FOLDER VERB key=value...")
        return 1
    folder, verb, *pairs = arguments
    keys = dict(pair.split("=", 1) for pair in pairs)
    return supervise(lambda doing: run(folder, verb, keys, doing), int(keys.get("timeout", SECONDS)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
