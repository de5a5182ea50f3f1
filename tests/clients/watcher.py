"""One native client (libwebrtc) that watches and listens until it is killed.

Usage: watcher.py URL KEY SECRET ROOM IDENTITY ; a JSON line a second: pictures of that second, their height, gaps between them, and sound so far.
"""

import asyncio
import json
import sys
import time

from livekit import api, rtc

URL, KEY, SECRET, ROOM, IDENTITY = sys.argv[1:6]
# A longer wait between two pictures is seen.
GAP_S = 0.5


def token():
    grant = api.VideoGrants(room_join=True, room=ROOM, can_publish=False)
    return api.AccessToken(KEY, SECRET).with_identity(IDENTITY).with_grants(grant).to_jwt()


class Screen:
    def __init__(self):
        self.pictures, self.height, self.last, self.gaps_ms = 0, 0, None, []

    async def watch(self, track):
        async for event in rtc.VideoStream(track):
            now = time.monotonic()
            if self.last is not None and now - self.last > GAP_S:
                self.gaps_ms.append(round((now - self.last) * 1000))
            self.pictures, self.height, self.last = self.pictures + 1, event.frame.height, now

    def take(self):
        told = {"pictures": self.pictures, "height": self.height, "gaps_ms": self.gaps_ms, "since_ms": round((time.monotonic() - self.last) * 1000) if self.last else None}
        self.pictures, self.gaps_ms = 0, []
        return told


async def inbound(track):
    for stat in await track.get_stats():
        if stat.WhichOneof("stats") == "inbound_rtp":
            return stat.inbound_rtp
    return None


async def main():
    room, screen, tracks = rtc.Room(), Screen(), {}

    @room.on("track_subscribed")
    def subscribed(track, publication, participant):
        tracks[track.kind] = track
        if track.kind == rtc.TrackKind.KIND_VIDEO:
            asyncio.ensure_future(screen.watch(track))

    await room.connect(URL, token())
    while True:
        await asyncio.sleep(1)
        told = screen.take()
        if sound := tracks.get(rtc.TrackKind.KIND_AUDIO) and await inbound(tracks[rtc.TrackKind.KIND_AUDIO]):
            told["sound"] = {"received": sound.received.packets_received, "lost": sound.received.packets_lost, "samples": sound.inbound.total_samples_received, "concealed": sound.inbound.concealed_samples}
        if picture := tracks.get(rtc.TrackKind.KIND_VIDEO) and await inbound(tracks[rtc.TrackKind.KIND_VIDEO]):
            told["picture"] = {"received": picture.received.packets_received, "lost": picture.received.packets_lost, "nacks": picture.inbound.nack_count, "plis": picture.inbound.pli_count, "bytes": picture.inbound.bytes_received}
        print(json.dumps(told), flush=True)


asyncio.run(main())
