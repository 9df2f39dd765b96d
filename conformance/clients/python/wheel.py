"""What the installed official wheel is called, which generation it speaks, and what it offers.

Wheels share method names, and but for polls the order of arguments, so the differences below are all there are;
whatever is optional is found by looking at the classes, never by comparing versions.
"""

import importlib
import importlib.metadata
import inspect
from types import ModuleType

GENERATIONS = {
    ("iggy-py", "0.2.6"): "v0_4",
    ("iggy-py", "0.2.7"): "v0_4",
    ("iggy-py", "0.4.0"): "v0_4",
    ("apache-iggy", "0.5.0"): "v0_5",
    ("apache-iggy", "0.6.0"): "v0_6",
    ("apache-iggy", "0.7.0"): "v0_8",
    ("apache-iggy", "0.8.0"): "v0_8",
    ("apache-iggy", "0.9.0"): "v0_9",
}

# Where each generation begins to count.
FIRST_NUMBERS = {"v0_4": 1, "v0_5": 1, "v0_6": 0, "v0_8": 0, "v0_9": 0}


class Wheel:
    """The one wheel found in `folder`, an installation made by `pip install --target`."""

    def __init__(self, folder: str) -> None:
        found = next(iter(importlib.metadata.distributions(path=[folder])), None)
        if found is None:
            raise LookupError(f"no wheel is installed in {folder}")
        self.name: str = found.metadata["Name"].replace("_", "-")
        self.version: str = found.version
        self.generation = GENERATIONS[self.name, self.version]
        self.first_partition = FIRST_NUMBERS[self.generation]
        self.api: ModuleType = importlib.import_module(self.name.replace("-", "_"))

    @property
    def consumer(self) -> int | None:
        """The consumer of every poll where poll_messages takes none, each SDK's first; None where it does."""
        return None if hasattr(self.api, "Consumer") else self.first_partition

    @property
    def headers(self) -> bool:
        """Whether messages have user headers; those that have them also have ids of the sender's choice."""
        return hasattr(self.api, "HeaderValue")

    def message(self, seed: str, index: int) -> object:
        """Message `index` of those that are told apart by `seed`."""
        text = f"{seed}:{index}"
        if not self.headers:
            return self.api.SendMessage(text)
        headers = {"origin": seed, "n": self.api.HeaderValue.UnsignedInt32(index), "Mixed-Case": True}
        return self.api.SendMessage(text, headers, 1000 + index)

    @property
    def strategies(self) -> list[str]:
        known = ("offset", "timestamp", "first", "last", "next")
        return [name for name in known if hasattr(self.api.PollingStrategy, name.capitalize())]

    def strategy(self, name: str, value: int) -> object:
        if name not in self.strategies:
            raise ValueError(f"strategy {name} is not offered; there are {', '.join(self.strategies)}")
        kind = getattr(self.api.PollingStrategy, name.capitalize())
        return kind(value) if name in ("offset", "timestamp") else kind()


async def settle(result: object) -> object:
    """The value of a call: a blocking wheel has it already, an asyncio wheel hands out a future."""
    return await result if inspect.isawaitable(result) else result


def offered(thing: object, name: str) -> object:
    """Calls an accessor or reads a property that only some wheels have; None where it is missing."""
    attribute = getattr(thing, name, None)
    return attribute() if callable(attribute) else attribute
