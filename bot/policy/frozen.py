"""The ground of every policy model: it cannot be changed and knows exactly its own keys."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
