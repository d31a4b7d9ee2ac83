"""The sandbox and the bot together: what `bot demo` shows, and what the flow tests stand on."""
