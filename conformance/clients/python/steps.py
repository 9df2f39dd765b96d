"""How a verb of the client matrix says what it saw. Whether that is right is for the matrix to say."""

from supervisor import emit


def step(name: str, /, **facts: object) -> None:
    emit("step", name=name, facts=facts)
