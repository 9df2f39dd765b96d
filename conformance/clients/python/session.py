"""One logged-in connection of a wheel, and how it is asked where wheels differ."""

from collections.abc import Callable

from wheel import Wheel, settle

Keys = dict[str, str]

# Stream, topic and partition.
Place = tuple[str, str, int]


class Session:
    """Tells the supervisor what it is about to do."""

    def __init__(self, wheel: Wheel, keys: Keys, doing: Callable[[str], None]) -> None:
        self.wheel = wheel
        self.keys = keys
        self.doing = doing
        self.client = None

    async def open(self) -> None:
        await self.log_in(self.keys.get("user", "iggy"), self.keys.get("password", "iggy"))

    async def log_in(self, user: str, password: str) -> None:
        address = self.keys.get("address", "127.0.0.1:8090")
        self.doing(f"make a client for {address}")
        self.client = self.wheel.api.IggyClient(address)
        await self.call("connect")
        await self.call("login_user", user, password)

    def another(self) -> "Session":
        """To be opened, with a connection of its own."""
        return Session(self.wheel, self.keys, self.doing)

    def drop(self) -> None:
        """Ends the connection: its client does when nothing refers to it any more."""
        self.client = None

    async def call(self, method: str, *arguments: object, **named: object) -> object:
        self.doing(method)
        return await settle(getattr(self.client, method)(*arguments, **named))

    async def works(self, method: str, *arguments: object) -> bool:
        """Whether the server does not refuse it."""
        try:
            await self.call(method, *arguments)
        except RuntimeError:
            return False
        return True

    def offers(self, method: str) -> bool:
        return hasattr(self.client, method)

    async def ping_if_offered(self) -> None:
        if self.offers("ping"):
            await self.call("ping")

    def place(self) -> Place:
        return self.keys["stream"], self.keys["topic"], int(self.keys["partition"])

    async def poll(
        self, place: Place, strategy: object, count: int, auto_commit: bool = False, consumer: int = 1
    ) -> list[object]:
        """One poll; `consumer` counts only where the wheel lets its caller choose."""
        if self.wheel.consumer is not None:
            return await self.call("poll_messages", *place, strategy, count, auto_commit)
        stream, topic, partition = place
        as_consumer = self.wheel.api.Consumer.Single(consumer)
        how = {"polling_strategy": strategy, "count": count, "auto_commit": auto_commit}
        return await self.call("poll_messages", stream, topic, consumer=as_consumer, partition_id=partition, **how)
