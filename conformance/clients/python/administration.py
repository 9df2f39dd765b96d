"""Verbs of the client matrix that change and list what a server has, of wheels that offer as much."""

import datetime

from steps import step

HOUR = datetime.timedelta(hours=1)


async def rest_of_streams(session, name: str) -> None:
    """Lists, renames and deletes the stream of this name."""
    renamed = f"{name}-renamed"
    step("list", found=name in [stream.name for stream in await session.call("get_streams")])
    await session.call("update_stream", name, renamed)
    step("update", name=(await session.call("get_stream", renamed)).name)
    await session.call("delete_stream", renamed)
    step("delete", found=await session.call("get_stream", renamed) is not None)


async def rest_of_topics(session, stream: str, name: str) -> None:
    """Lists, changes and deletes the topic of this name."""
    renamed, expiry = f"{name}-renamed", session.wheel.api.IggyExpiry.ExpireDuration(HOUR)
    step("list", found=name in [topic.name for topic in await session.call("get_topics", stream)])
    await session.call("update_topic", stream, name, renamed, message_expiry=expiry)
    topic = await session.call("get_topic", stream, renamed)
    step("update", name=topic.name, hourKept=getattr(topic.message_expiry, "duration", None) == HOUR)
    await session.call("delete_topic", stream, renamed)
    step("delete", found=await session.call("get_topic", stream, renamed) is not None)


async def partitions(session) -> None:
    stream, topic, _ = session.place()
    await session.call("create_partitions", stream, topic, 2)
    step("create", partitions=(await session.call("get_topic", stream, topic)).partitions_count)
    await session.call("delete_partitions", stream, topic, 1)
    step("delete", partitions=(await session.call("get_topic", stream, topic)).partitions_count)


def _few_permissions(api, stream: int, topic: int) -> object:
    """May read streams everywhere, poll from one stream and send to one topic of it."""
    of_topic = api.TopicPermissions(send_messages=True)
    of_stream = api.StreamPermissions(poll_messages=True, topics={topic: of_topic})
    return api.Permissions(api.GlobalPermissions(read_streams=True), {stream: of_stream})


async def users(session) -> None:
    api, name = session.wheel.api, session.keys["name"]
    stream, topic, _ = session.place()
    renamed, forbidden = f"{name}-renamed", f"{name}-stream"
    stream_id = (await session.call("get_stream", stream)).id
    rights = _few_permissions(api, stream_id, (await session.call("get_topic", stream, topic)).id)
    created = await session.call("create_user", name, "secret-1", api.UserStatus.Active, rights)
    step("create", name=created.username, active=created.status == api.UserStatus.Active)
    details = await session.call("get_user", name)
    step("get", name=details.username, same=details.permissions == rights)
    step("list", found=name in [user.username for user in await session.call("get_users")])
    user = session.another()
    await user.log_in(name, "secret-1")
    step("login", reads=await user.works("get_streams"), creates=await user.works("create_stream", forbidden))
    await session.call("update_permissions", name, api.Permissions(api.GlobalPermissions(manage_streams=True)))
    await user.call("create_stream", forbidden)
    await user.call("delete_stream", forbidden)
    step("permissions")
    await session.call("change_password", name, "secret-1", "secret-2")
    step("password", old=await _can_log_in(session, name, "secret-1"), new=await _can_log_in(session, name, "secret-2"))
    await session.call("update_user", name, renamed, api.UserStatus.Inactive)
    details = await session.call("get_user", renamed)
    active, login = details.status == api.UserStatus.Active, await _can_log_in(session, renamed, "secret-2")
    step("update", name=details.username, active=active, login=login)
    await session.call("delete_user", renamed)
    step("delete", found=renamed in [user.username for user in await session.call("get_users")])


async def _can_log_in(session, user: str, password: str) -> bool:
    try:
        await session.another().log_in(user, password)
    except RuntimeError:
        return False
    return True


async def system(session) -> None:
    stats = await session.call("get_stats")
    step("stats", hostname=stats.hostname != "", counts=stats.streams_count > 0 and stats.clients_count > 0)


async def purge(session) -> None:
    stream, topic, partition = session.place()

    async def send_three() -> None:
        messages = [session.wheel.message("purged", index) for index in range(3)]
        await session.call("send_messages", stream, topic, partition, messages)

    async def count() -> int:
        return (await session.call("get_topic", stream, topic)).messages_count

    await send_three()
    await session.call("purge_topic", stream, topic)
    step("topic", messages=await count())
    await send_three()
    await session.call("purge_stream", stream)
    step("stream", messages=await count())
