"""Uploaded files: their bytes, what Slack tells of them, and which of them blocks may show as pictures."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

from bot.sandbox.records import Channel, Json

#  What a browser may show in the page's own address; everything else is only handed out to be saved.
SHOWN_AS_PICTURE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
SHOWN_IN_PLACE = SHOWN_AS_PICTURE | {"application/pdf", "text/plain", "text/csv", "text/calendar", "application/json"}
IN_BLOCKS = frozenset({"image/png", "image/jpeg", "image/gif"})
THUMBNAILS = (64, 80, 160, 360, 480, 720, 960, 1024)
PRETTY = {"txt": "Plain Text", "md": "Markdown", "ics": "iCalendar", "jpg": "JPEG"}
ID_IN_ADDRESS = re.compile(r"[/-](F[A-Z0-9]{8,})(?:/|$)")
NOT_IN_ADDRESSES = re.compile(r"[^\w.-]+", re.ASCII)


@dataclass(frozen=True)
class Share:
    """The message by which a file came into a channel."""

    channel: Channel
    ts: str


@dataclass
class File:
    """`length` is what was announced; `content` comes with the upload; `complete` once it was finished."""

    id: str
    name: str
    length: int
    user: str
    created: int
    alt_text: str = ""
    title: str = ""
    content: bytes | None = None
    size: tuple[int, int] | None = None
    complete: bool = False
    shares: list[Share] = field(default_factory=list)

    @property
    def mimetype(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def is_picture(self) -> bool:
        return self.size is not None and self.mimetype in SHOWN_AS_PICTURE

    def receive(self, content: bytes) -> None:
        self.content = content
        try:
            with Image.open(BytesIO(content)) as picture:
                self.size = picture.size
        except (OSError, ValueError, Image.DecompressionBombError):
            self.size = None

    def shown(self, base_url: str, team_id: str, with_shares: bool = False) -> Json:
        """The file object; where it was shared is only told by files.info."""
        name = NOT_IN_ADDRESSES.sub("_", self.name)  # an address stands in mrkdwn, where some signs would end it
        address = f"{base_url}/files-pri/{team_id}-{self.id}/{name}"
        kind = self.name.rpartition(".")[2].lower() if "." in self.name else "text"
        shown: Json = {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": kind,
            "pretty_type": PRETTY.get(kind, kind.upper()),
            "user": self.user,
            "user_team": team_id,
            "editable": False,
            "size": len(self.content or b""),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": any(share.channel.kind == "public" for share in self.shares),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": address,
            "url_private_download": address,
            "permalink": f"{base_url}/files/{self.user}/{self.id}/{name}",
            "has_rich_preview": False,
            "file_access": "visible",
        }
        if self.alt_text:
            shown["alt_txt"] = self.alt_text
        return shown | self._thumbnails(address) | (self._places() if with_shares else {})

    def _thumbnails(self, address: str) -> Json:
        """Each at most as wide or high as its name says; the address is that of the picture itself."""
        if not self.is_picture or self.size is None:
            return {}
        width, height = self.size
        shown: Json = {"original_w": width, "original_h": height}
        for most in THUMBNAILS:
            if most > 360 and most > max(self.size):
                break
            scale = min(1.0, most / max(self.size))
            shown |= {
                f"thumb_{most}": address,
                f"thumb_{most}_w": max(1, round(width * scale)),
                f"thumb_{most}_h": max(1, round(height * scale)),
            }
        return shown

    def _places(self) -> Json:
        shown: Json = {"channels": [], "groups": [], "ims": [], "shares": {}}
        lists = {"public": "channels", "im": "ims"}
        for share in self.shares:
            channel = share.channel
            if channel.id not in shown[lists.get(channel.kind, "groups")]:
                shown[lists.get(channel.kind, "groups")].append(channel.id)
            side = shown["shares"].setdefault("public" if channel.kind == "public" else "private", {})
            side.setdefault(channel.id, []).append({"ts": share.ts, "channel_name": channel.name, "source": "UPLOAD"})
        return shown


def file_at(files: Mapping[str, File], address: str) -> File | None:
    """The file that one of its addresses means."""
    found = ID_IN_ADDRESS.search(address)
    return None if found is None else files.get(found[1])


def faults_of_pictures(files: Mapping[str, File], blocks: Any, pointer: str = "/blocks") -> list[str]:
    """Slack shows in blocks only pictures whose upload is finished, each named by its id or its address."""
    return [
        f"invalid slack file [json-pointer:{place}/slack_file]"
        for place, named in _slack_files(blocks, pointer)
        if not _is_known(files, named)
    ]


def _slack_files(value: Any, pointer: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, list):
        for place, entry in enumerate(value):
            yield from _slack_files(entry, f"{pointer}/{place}")
    elif isinstance(value, dict):
        if value.get("type") == "image" and isinstance(value.get("slack_file"), dict):
            yield pointer, value["slack_file"]
        for name, entry in value.items():
            yield from _slack_files(entry, f"{pointer}/{name}")


def _is_known(files: Mapping[str, File], named: Json) -> bool:
    file = files.get(str(named["id"])) if "id" in named else file_at(files, str(named.get("url", "")))
    return file is not None and file.complete and file.is_picture and file.mimetype in IN_BLOCKS
