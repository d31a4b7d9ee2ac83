"""The Web API: one file per family of methods, and the table of all of them."""

from bot.sandbox.api import (
    blocks,
    bookmarks,
    canvases,
    chat,
    conversations,
    files,
    history,
    identity,
    pins,
    reactions,
    usergroups,
    users,
    views,
)
from bot.sandbox.api.call import Method

METHODS: dict[str, Method] = {
    **identity.METHODS,
    **conversations.METHODS,
    **history.METHODS,
    **chat.METHODS,
    **pins.METHODS,
    **bookmarks.METHODS,
    **canvases.METHODS,
    **reactions.METHODS,
    **views.METHODS,
    **users.METHODS,
    **usergroups.METHODS,
    **files.METHODS,
    **blocks.METHODS,
}
