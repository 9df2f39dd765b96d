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
        await self.log_in(*self._credentials())

    async def open_to_stay(self) -> None:
        """Where the wheel can be told to log in by itself, it will again when it has lost the server."""
        api = self.wheel.api
        if not hasattr(api, "AutoLogin"):
            await self.open()
            return
        auto_login = api.AutoLogin.username_password(*self._credentials())
        await self._connect(api.TcpConfig(server_address=self._address(), auto_login=auto_login))

    async def log_in(self, user: str, password: str) -> None:
        await self._connect(self._address())
        await self.call("login_user", user, password)

    async def _connect(self, where: object) -> None:
        self.doing(f"make a client for {where}")
        self.client = self.wheel.api.IggyClient(where)
        await self.call("connect")

    def _address(self) -> str:
        return self.keys.get("address", "127.0.0.1:8090")

    def _credentials(self) -> tuple[str, str]:
        return self.keys.get("user", "iggy"), self.keys.get("password", "iggy")

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
