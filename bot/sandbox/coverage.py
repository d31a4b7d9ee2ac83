"""What the sandbox covers of Slack, method by method; a test holds that it is what is served.

`left_out` is what Slack does and the sandbox does not. `likely` is behaviour that is general knowledge rather than
documented: nothing should be built on it alone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Coverage:
    covered: str
    left_out: str = ""
    likely: str = ""


METHODS: dict[str, Coverage] = {
    "auth.test": Coverage(
        "ids of team, bot and user; x-oauth-scopes; not_authed, invalid_auth, not_allowed_token_type",
        "user tokens, token rotation, Enterprise Grid",
    ),
    "apps.connections.open": Coverage(
        "a single-use ticket on a WebSocket of this server; debug_reconnects",
        "tickets do not age",
        "the app_id in the URL",
    ),
    "team.info": Coverage("id, name, domain", "icons, other teams"),
    "bots.info": Coverage("the app's own bot", "other bots"),
    "conversations.create": Coverage(
        "public and private; every name rule; name_taken, archived channels included; scopes by kind",
        "restricted_action, org channels",
        "names of archived channels stay taken; which letters count as special",
    ),
    "conversations.invite": Coverage(
        "up to 1000 ids, force, a fault for each person who cannot be invited",
        "guests, Slack Connect, ura_max_channels",
        "without force one bad id stops them all; cant_invite for somebody who is deactivated",
    ),
    "conversations.kick": Coverage("members, except oneself", "restricted_action"),
    "conversations.join": Coverage("public channels; the warning already_in_channel"),
    "conversations.leave": Coverage("any channel", "the last member of a private channel"),
    "conversations.setTopic": Coverage("250 characters, the message it leaves in the channel"),
    "conversations.setPurpose": Coverage(
        "250 characters, the message it leaves in the channel", likely="the narrower scope .topic suffices"
    ),
    "conversations.rename": Coverage("own channels; every name rule", "rights of admins"),
    "conversations.archive": Coverage(
        "puts the bot out of the channel; already_archived", "general and required channels"
    ),
    "conversations.unarchive": Coverage("refused, as Slack refuses a bot: not_in_channel, not_archived", "user tokens"),
    "conversations.info": Coverage(
        "all four kinds; include_num_members; properties.canvas where there is one", "include_locale, shared channels"
    ),
    "conversations.list": Coverage("types, exclude_archived, cursor, limit", "team_id"),
    "conversations.members": Coverage("cursor, limit", "fetch_members_failed"),
    "conversations.history": Coverage(
        "oldest, latest, inclusive, cursor, limit, include_all_metadata; members only",
        "the one-a-minute rule for distributed apps",
    ),
    "conversations.replies": Coverage("the parent first; oldest, latest, cursor, limit; thread_not_found"),
    "conversations.open": Coverage(
        "one person or up to eight; return_im; by channel; user_disabled for somebody who is deactivated",
        "prevent_creation",
    ),
    "chat.postMessage": Coverage(
        "to an id, a name or a person; text, blocks, attachments, metadata, markdown_text, threads, broadcast, "
        "username and icon; not_in_channel, channel_not_found, is_archived, no_text, invalid_blocks with pointers, "
        "msg_blocks_too_long; 40,000 characters, then cut with a warning; a file whose permalink stands in the text or "
        "in mrkdwn is shared",
        "unfurling, attachments are not checked inside, parse, link_names",
        "thread_not_found for an unknown parent; cannot_reply_to_message for a reply; refusals of metadata; "
        "a message to somebody who is deactivated is taken without a word (seen in the wild), by D… and by U…; "
        "the message has the files that it shares from its first moment",
    ),
    "chat.update": Coverage(
        "own messages only; text alone removes blocks; no `edited` with blocks; metadata is kept; msg_too_long",
        "edit_window_closed, block_mismatch, streams",
        "is_inactive in an archived channel; blocks alone keep the text; made-up block ids outlive an edit",
    ),
    "chat.delete": Coverage("own messages only", "the tombstone of a parent with replies"),
    "chat.postEphemeral": Coverage("user_not_in_channel, not_in_channel; in no history", "metadata entities"),
    "chat.getPermalink": Coverage("an address that opens the page, replies with their thread"),
    "chat.scheduleMessage": Coverage(
        "posted by the sandbox clock; time_in_past, time_too_far",
        "chat.deleteScheduledMessage and the list of what is scheduled; restricted_too_many",
        "120 days at most",
    ),
    "pins.add": Coverage("already_pinned, too_many_pins, not_pinnable, message_not_found", "files"),
    "pins.list": Coverage("with the messages, newest first"),
    "pins.remove": Coverage("no_pin"),
    "bookmarks.add": Coverage(
        "links; invalid_link, invalid_emoji, invalid_bookmark_type, too_many_bookmarks", "folders"
    ),
    "bookmarks.edit": Coverage("title, link, emoji", likely="not_found for an unknown one"),
    "bookmarks.list": Coverage("of one channel"),
    "bookmarks.remove": Coverage("of one channel", likely="not_found for an unknown one"),
    "conversations.canvases.create": Coverage(
        "title and Markdown; channel_canvas_already_exists, canvas_disabled_user_team in a workspace without canvases",
        "team_tier_cannot_create_channel_canvases, free_team_canvas_tab_already_exists, file events, canvases that "
        "people make; the Markdown itself is not checked",
        "not_in_channel, is_archived; canvas_creation_failed beyond 1 MiB; the page heeds backslashes in Markdown",
    ),
    "canvases.edit": Coverage(
        "replace of all, insert_at_start, insert_at_end, rename; one change a call; canvas_not_found",
        "sections: what names one is canvas_editing_failed; standalone canvases, access levels",
        "canvas_not_found outside of its channel; canvas_editing_failed beyond 1 MiB",
    ),
    "reactions.add": Coverage(
        "already_reacted, invalid_name, too_many_emoji, message_not_found",
        "whether the emoji exists",
        "is_archived",
    ),
    "reactions.remove": Coverage("no_reaction"),
    "reactions.get": Coverage("on messages", "on files"),
    "views.open": Coverage(
        "the trigger's life and single use, every limit with its pointer, 250 kB, duplicate_external_id; a file_input "
        "only with files:read",
        likely="a modal opened over others takes their place; a modal needs a title, and submit with an input; "
        "the words for a file_input without its scope",
    ),
    "views.push": Coverage("a stack of three; a trigger from within a modal"),
    "views.update": Coverage(
        "by view_id or external_id; hash_conflict; what was typed stays", "", "what was typed stays"
    ),
    "views.publish": Coverage("not_enabled, hash_conflict; one Home tab for each person"),
    "users.info": Coverage(
        "profile, time zone, deleted; e-mail with its scope",
        "include_locale, statuses, pictures",
        "somebody who is deactivated has no time zone",
    ),
    "users.list": Coverage("cursor, limit, those who are deactivated too", "limit_required, include_locale"),
    "users.lookupByEmail": Coverage("users_not_found, also for somebody who is deactivated"),
    "users.getPresence": Coverage("everybody who is not deactivated is active", "away, do not disturb"),
    "usergroups.list": Coverage("include_users, include_count, include_disabled", "channels of a group"),
    "usergroups.create": Coverage(
        "name, handle, description; name_already_exists, handle_already_exists, bad_handle, missing_argument",
        "channels, permission_denied, plan_upgrade_required",
        "a handle made from the name; which letters a handle takes; disabled groups keep their names",
    ),
    "usergroups.enable": Coverage("date_delete is 0 again", "permission_denied", "enabling twice is not refused"),
    "usergroups.disable": Coverage("date_delete is set", "permission_denied", "disabling twice is not refused"),
    "usergroups.users.list": Coverage(
        "include_disabled", likely="no_such_subteam, for an unknown group and for a disabled one"
    ),
    "usergroups.users.update": Coverage(
        "the whole list; no_users_provided; invalid_users for somebody unknown or deactivated; a list of only "
        "deactivated people is refused too, but leaves the group empty (seen in the wild)",
        "permission_denied, plan_upgrade_required, subteam_max_users_exceeded",
        "one deactivated person among others changes nothing; the people of a disabled group can be changed",
    ),
    "files.getUploadURLExternal": Coverage(
        "filename, length, alt_txt; the address takes the bytes as a plain body, as many as were announced",
        "snippets, multipart uploads",
        "400 for another number of bytes",
    ),
    "files.completeUploadExternal": Coverage(
        "shares to channels and direct messages, with a comment or blocks, in a thread; an id of a person in "
        "channel_id is invalid_arguments; the answer does not tell the message's timestamp; no metadata",
        "file events, username and icon, a message that appears only later",
        "completing again shares again; internal_error for a markdown block (seen in the wild)",
    ),
    "files.info": Coverage(
        "name, type, size, addresses, where it was shared; thumbnails of pictures, all at the address of the whole",
        "comments, previews of text; the addresses ask for no token, though what people upload is told only to the app",
    ),
    "blocks.validate": Coverage(
        "blocks, message or view, with a pointer to each fault", "the wording of constraints is not Slack's everywhere"
    ),
}

#  What is not a method.
BEYOND: dict[str, Coverage] = {
    "Socket Mode": Coverage(
        "hello, envelopes to any of ten connections, 3 s to acknowledge, redelivery, disconnect, debug_reconnects",
        "JSON pings, which real Socket Mode has not",
        "the deadline; a lost connection's envelopes go to another; a command waits for one that was told to go",
    ),
    "HTTP delivery": Coverage(
        "v0 signatures, url_verification, three retries with their headers, x-slack-no-retry",
        "disabling after too many failures, app_rate_limited, a separate options URL",
        "commands and interactions are not sent again",
    ),
    "slash commands": Coverage(
        "the payload, the answer shown to one or to all, response_url, the error a person sees",
        "commands of other apps and of Slack itself",
        "the text is escaped; ids for mentions only with should_escape; not in threads; dispatch_failed",
    ),
    "interactivity": Coverage(
        "block_actions with what stands in the inputs beside, in messages too; view_submission, view_closed, "
        "block_suggestion, both kinds of shortcut, response_action; file_input with max_files, filetypes and 10 MB a "
        "file",
        "workflow buttons; people add files to forms only, not to messages; rich text from people is one paragraph of "
        "plain words",
        "what Slack says of a required field and of files that do not fit; the state of a message's inputs is "
        "forgotten when its blocks change",
    ),
    "events": Coverage(
        "messages and subtypes, app_mention, reactions, pins, members, channels, app_home_opened, subteam_created, "
        "subteam_updated, subteam_members_changed, user_change when somebody is deactivated",
        "team_join, file events, links; people's messages carry no rich_text block",
    ),
    "deactivated people": Coverage(
        "by the page and by tests; told as deleted; they can do nothing",
        "what becomes of their channels and user groups: they stay where they were",
    ),
    "response_url": Coverage(
        "five uses in thirty minutes; replace and delete", likely="expired_url, used_url with 404"
    ),
    "rate limits": Coverage(
        "on request: tiers, one post a second in a channel", "bursts; several hundred posts a minute are taken as 300"
    ),
    "Block Kit": Coverage(
        "which block goes where, lengths, counts, ids that repeat, unknown fields; the inside of rich_text and of "
        "tables, with 10,000 characters in all tables of a message; pictures by slack_file, once uploaded",
        "charts; newer blocks are checked for their main limits only; a fresh upload is ready for blocks at once",
        "the wording for ids that repeat, for forms of dates and for tables; a second table in a message is "
        "invalid_attachments (seen in the wild); null passes a column's settings over, but is no cell",
    ),
}
