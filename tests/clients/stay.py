"""Two native clients that stay in a room whatever happens: one sends numbered pictures, the other tells once a second what it sees.

Usage: stay.py URL KEY SECRET SECONDS ; a line a second: seconds, pictures seen, state of both connections.
"""

import asyncio
import sys

from livekit import api, rtc

URL, KEY, SECRET, SECONDS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
WIDTH, HEIGHT = 320, 180


def token(identity):
    grant = api.VideoGrants(room_join=True, room="stay")
    return api.AccessToken(KEY, SECRET).with_identity(identity).with_grants(grant).to_jwt()


async def send_pictures(source):
    shade = 0
    while True:
        y = bytes([shade]) * (WIDTH * HEIGHT)
        source.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.I420, y + bytes([128]) * (WIDTH * HEIGHT // 2)))
        shade = (shade + 3) % 256
        await asyncio.sleep(1 / 20)


async def main():
    sender, receiver = rtc.Room(), rtc.Room()
    seen = 0

    @receiver.on("track_subscribed")
    def subscribed(track, publication, participant):
        async def watch():
            nonlocal seen
            async for _ in rtc.VideoStream(track):
                seen += 1

        asyncio.ensure_future(watch())

    await sender.connect(URL, token("sender"))
    await receiver.connect(URL, token("receiver"))
    source = rtc.VideoSource(WIDTH, HEIGHT)
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, video_codec=rtc.VideoCodec.VP8)
    await sender.local_participant.publish_track(rtc.LocalVideoTrack.create_video_track("camera", source), options)
    asyncio.ensure_future(send_pictures(source))
    for second in range(SECONDS):
        await asyncio.sleep(1)
        print(second + 1, seen, sender.connection_state, receiver.connection_state, flush=True)


asyncio.run(main())
