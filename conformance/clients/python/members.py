"""The verb of the client matrix about members of a consumer group, of wheels that poll as one."""

import asyncio

from steps import step

ROUNDS = 200
PAUSE = 0.05


class Group:
    def __init__(self, session) -> None:
        self.stream, self.topic, self.first_partition = session.place()
        self.name = session.keys["name"]
        self.where = (self.stream, self.topic, self.name)

    async def shares(self, session, members: int) -> list[int]:
        """Partitions of each member, fewest first, once there are `members`; servers may take their time to hand partitions over."""
        shown: list[int] = []
        for _ in range(ROUNDS):
            group = await session.call("get_consumer_group", *self.where)
            shown = sorted(member.partitions_count for member in group.members)
            if group.members_count == members and all(count == 2 // members for count in shown):
                break
            await asyncio.sleep(PAUSE)
        return shown

    async def send(self, session, *seeds: str) -> None:
        """Four messages of each seed, to a partition of its own."""
        for partition, seed in enumerate(seeds, self.first_partition):
            messages = [session.wheel.message(seed, index) for index in range(4)]
            await session.call("send_messages", self.stream, self.topic, partition, messages)

    async def drain(self, members: list, wanted: int) -> list[list[str]]:
        """Polls with each member in turn until `wanted` messages are there; returns what each got."""
        received: list[list[str]] = [[] for _ in members]
        for _ in range(ROUNDS):
            for member, texts in zip(members, received, strict=True):
                api = member.wheel.api
                how = {"polling_strategy": api.PollingStrategy.Next(), "count": 2, "auto_commit": True}
                consumer = api.Consumer.Group(self.name)
                messages = await member.call("poll_messages", self.stream, self.topic, consumer=consumer, **how)
                texts.extend(bytes(message.payload()).decode() for message in messages)
            if sum(map(len, received)) >= wanted:
                break
            await asyncio.sleep(PAUSE)
        return received


async def groups(first) -> None:
    group, second = Group(first), first.another()
    await second.open()
    await first.call("create_consumer_group", *group.where)
    created = await first.call("get_consumer_group", *group.where)
    step("create", name=created.name, members=created.members_count, partitions=created.partitions_count)
    listed = await first.call("get_consumer_groups", group.stream, group.topic)
    step("list", found=group.name in [other.name for other in listed])
    await first.call("join_consumer_group", *group.where)
    step("join", shares=await group.shares(first, 1))
    await second.call("join_consumer_group", *group.where)
    step("share", shares=await group.shares(first, 2))
    await group.send(first, "one", "two")
    step("poll", received=await group.drain([first, second], 8))
    await second.call("leave_consumer_group", *group.where)
    step("leave", shares=await group.shares(first, 1))
    await second.call("join_consumer_group", *group.where)
    await group.shares(first, 2)
    second.drop()
    step("disconnect", shares=await group.shares(first, 1))
    await group.send(first, "three", "four")
    step("take over", received=await group.drain([first], 8))
    await first.call("delete_consumer_group", *group.where)
    step("delete", found=await first.call("get_consumer_group", *group.where) is not None)
