"""One native client (libwebrtc) that sends a moving picture in three layers and a tone, until it is killed.

Usage: camera.py URL KEY SECRET ROOM IDENTITY ; a JSON line a second: what libwebrtc says of its line and layers.
"""

import asyncio
import json
import sys
import time

import numpy as np
from livekit import api, rtc

URL, KEY, SECRET, ROOM, IDENTITY = sys.argv[1:6]
WIDTH, HEIGHT, FPS, TOP_BPS = 1280, 720, 15, 1_200_000
PICTURES, TONE_HZ = 30, 1000


def token():
    grant = api.VideoGrants(room_join=True, room=ROOM)
    return api.AccessToken(KEY, SECRET).with_identity(IDENTITY).with_grants(grant).to_jwt()


def pictures():
    """A texture under a window that goes round in a circle, and noise that no encoder foretells: every layer uses what it may."""
    chance = np.random.default_rng(1)
    coarse = chance.integers(40, 210, size=(HEIGHT // 16 + 8, WIDTH // 16 + 8), dtype=np.uint8)
    texture = np.kron(coarse, np.ones((16, 16), dtype=np.uint8))
    chroma = np.full(WIDTH * HEIGHT // 2, 128, dtype=np.uint8).tobytes()
    for n in range(PICTURES):
        angle = 2 * np.pi * n / PICTURES
        x, y = int(48 + 40 * np.cos(angle)), int(48 + 40 * np.sin(angle))
        noise = np.kron(chance.integers(0, 14, size=(HEIGHT // 2, WIDTH // 2), dtype=np.uint8), np.ones((2, 2), dtype=np.uint8))
        luma = texture[y : y + HEIGHT, x : x + WIDTH] + noise
        yield rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.I420, luma.tobytes() + chroma)


async def send_pictures(source):
    ready = list(pictures())
    begun, n = time.monotonic(), 0
    while True:
        source.capture_frame(ready[n % len(ready)])
        n += 1
        # A late one is not made up for by a burst.
        n = max(n, int((time.monotonic() - begun) * FPS))
        await asyncio.sleep(begun + n / FPS - time.monotonic())


async def send_tone(source):
    wave = (np.sin(2 * np.pi * TONE_HZ * np.arange(480) / 48_000) * 12_000).astype(np.int16).tobytes()
    while True:
        await source.capture_frame(rtc.AudioFrame(wave, 48_000, 1, 480))


async def main():
    room = rtc.Room()
    await room.connect(URL, token(), rtc.RoomOptions(auto_subscribe=False))
    video, audio = rtc.VideoSource(WIDTH, HEIGHT), rtc.AudioSource(48_000, 1)
    encoding = rtc.VideoEncoding(max_bitrate=TOP_BPS, max_framerate=FPS)
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, simulcast=True, video_codec=rtc.VideoCodec.VP8, video_encoding=encoding)
    camera = rtc.LocalVideoTrack.create_video_track("camera", video)
    await room.local_participant.publish_track(camera, options)
    microphone = rtc.LocalAudioTrack.create_audio_track("microphone", audio)
    await room.local_participant.publish_track(microphone, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE))
    sending = [asyncio.ensure_future(send_pictures(video)), asyncio.ensure_future(send_tone(audio))]
    while True:
        await asyncio.sleep(1)
        told = {"layers": {}, "busy": [task.done() for task in sending]}
        for stat in await camera.get_stats():
            kind = stat.WhichOneof("stats")
            if kind == "outbound_rtp":
                out = stat.outbound_rtp
                told["layers"][out.outbound.rid] = [out.outbound.frame_height, round(out.outbound.target_bitrate / 1000), out.sent.bytes_sent, out.outbound.frames_per_second]
            elif kind == "candidate_pair" and stat.candidate_pair.candidate_pair.nominated:
                told["available_kbps"] = round(stat.candidate_pair.candidate_pair.available_outgoing_bitrate / 1000)
        print(json.dumps(told), flush=True)


asyncio.run(main())
