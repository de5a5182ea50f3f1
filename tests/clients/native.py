"""The native LiveKit client (libwebrtc) against a server: what it publishes is what another sees, hears and reads.

Pictures carry a number as black and white bars, sound a tone; both are measured at the other end.
Usage: native.py URL KEY SECRET ; prints one line a promise, ends with 0 when all are kept.
"""

import asyncio
import math
import sys

import numpy as np
from livekit import api, rtc

URL, KEY, SECRET = sys.argv[1:4]
WIDTH, HEIGHT, BITS = 640, 360, 16
TONE_HZ = 1000
kept = 0


def token(identity, room, **grants):
    grant = api.VideoGrants(room_join=True, room=room, can_update_own_metadata=True, **grants)
    return api.AccessToken(KEY, SECRET).with_identity(identity).with_name(identity).with_grants(grant).to_jwt()


def keep(promise, is_kept, seen=""):
    global kept
    print(f"{'ok  ' if is_kept else 'FAIL'} {promise} {seen}", flush=True)
    if not is_kept:
        sys.exit(1)
    kept += 1


async def until(what, seconds, condition):
    for _ in range(int(seconds * 20)):
        if condition():
            return
        await asyncio.sleep(0.05)
    keep(what, False, f"not within {seconds} s")


def picture(number):
    bars = [(number >> bit) & 1 for bit in range(BITS)]
    luma = np.repeat(np.array(bars, dtype=np.uint8) * 200 + 20, WIDTH // BITS)
    y = np.tile(luma, (HEIGHT, 1))
    chroma = np.full(WIDTH * HEIGHT // 2, 128, dtype=np.uint8)
    return rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.I420, y.tobytes() + chroma.tobytes())


def number_of(frame):
    frame = frame.convert(rtc.VideoBufferType.I420)
    y = np.frombuffer(frame.data, dtype=np.uint8)[: frame.width * frame.height].reshape(frame.height, frame.width)
    step = frame.width / BITS
    return sum(int(y[frame.height // 2, int((bit + 0.5) * step)] > 120) << bit for bit in range(BITS))


async def send_pictures(source):
    number = 0
    while True:
        source.capture_frame(picture(number))
        number = (number + 1) % (1 << BITS)
        await asyncio.sleep(1 / 20)


async def send_tone(source):
    at = 0
    while True:
        t = (np.arange(480) + at) / 48_000
        samples = (np.sin(2 * math.pi * TONE_HZ * t) * 12_000).astype(np.int16)
        await source.capture_frame(rtc.AudioFrame(samples.tobytes(), 48_000, 1, 480))
        at += 480


def loudest_hz(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.fft.rfftfreq(len(samples), 1 / 48_000)[np.argmax(spectrum)])


async def main():
    name = "native"
    sender, receiver = rtc.Room(), rtc.Room()
    numbers, tones, data, changed, muted = [], [], [], [], []

    @receiver.on("track_subscribed")
    def subscribed(track, publication, participant):
        async def watch():
            async for event in rtc.VideoStream(track):
                numbers.append(number_of(event.frame))

        async def listen():
            window = np.zeros(0, dtype=np.int16)
            async for event in rtc.AudioStream(track, sample_rate=48_000, num_channels=1):
                window = np.concatenate([window, np.frombuffer(event.frame.data, dtype=np.int16)])[-9_600:]
                if len(window) == 9_600:
                    tones.append(loudest_hz(window.astype(float)))

        asyncio.ensure_future(watch() if track.kind == rtc.TrackKind.KIND_VIDEO else listen())

    receiver.on("data_received", lambda packet: data.append((packet.topic, bytes(packet.data), packet.participant.identity if packet.participant else None)))
    receiver.on("participant_attributes_changed", lambda attributes, participant: changed.append((participant.identity, dict(attributes))))
    receiver.on("track_muted", lambda participant, publication: muted.append(publication.sid))

    await sender.connect(URL, token("sender", name))
    await receiver.connect(URL, token("receiver", name))
    keep("both are in", sender.isconnected() and receiver.isconnected())
    await until("each sees the other", 5, lambda: "sender" in receiver.remote_participants and "receiver" in sender.remote_participants)

    video, audio = rtc.VideoSource(WIDTH, HEIGHT), rtc.AudioSource(48_000, 1)
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, simulcast=True, video_codec=rtc.VideoCodec.VP8)
    await sender.local_participant.publish_track(rtc.LocalVideoTrack.create_video_track("camera", video), options)
    microphone = await sender.local_participant.publish_track(
        rtc.LocalAudioTrack.create_audio_track("microphone", audio), rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
    )
    sending = [asyncio.ensure_future(send_pictures(video)), asyncio.ensure_future(send_tone(audio))]

    await until("pictures arrive", 20, lambda: len(numbers) > 60)
    tail = numbers[-40:]
    rising = sum(1 for a, b in zip(tail, tail[1:]) if 0 <= b - a <= 8)
    keep("the numbers in the pictures count up", rising >= 36, f"{tail[0]}…{tail[-1]}, {rising} of 39 steps")
    await until("sound arrives", 20, lambda: len(tones) > 50)
    keep("the tone is the one that was sent", all(abs(hz - TONE_HZ) < 15 for hz in tones[-20:]), f"{tones[-1]:.0f} Hz")

    await sender.local_participant.publish_data(b"reliable", reliable=True, topic="t", destination_identities=["receiver"])
    await until("data arrives", 5, lambda: ("t", b"reliable", "sender") in data)
    keep("reliable data arrives with its sender's name", True)
    await sender.local_participant.publish_data(b"x" * 15_000, reliable=True, topic="long")
    await until("long data", 5, lambda: any(topic == "long" and len(bytes_) == 15_000 for topic, bytes_, _ in data))
    keep("long data arrives whole", True)

    texts = []
    receiver.register_text_stream_handler("chat", lambda reader, identity: asyncio.ensure_future(read_text(reader, texts)))
    await sender.local_participant.send_text("你好" * 20_000, topic="chat")
    await until("a text stream", 10, lambda: texts)
    keep("a text stream arrives whole", texts[0] == "你好" * 20_000, f"{len(texts[0])} characters")

    @receiver.local_participant.register_rpc_method("add")
    async def add(call):
        return str(sum(int(n) for n in call.payload.split("+")))

    answer = await sender.local_participant.perform_rpc(destination_identity="receiver", method="add", payload="20+22")
    keep("a call is answered", answer == "42", answer)

    await sender.local_participant.set_attributes({"venue": "济南"})
    await until("attributes", 5, lambda: any(who == "sender" and attributes.get("venue") == "济南" for who, attributes in changed))
    keep("attributes are seen by others", True)

    microphone.track.mute()
    await until("mute", 5, lambda: muted)
    keep("mute is seen by others", muted == [microphone.sid])

    before = len(numbers)
    receiver.remote_participants["sender"].track_publications[next(iter(sid for sid, p in receiver.remote_participants["sender"].track_publications.items() if p.kind == rtc.TrackKind.KIND_VIDEO))].set_subscribed(False)
    await asyncio.sleep(1.5)
    paused = len(numbers)
    await asyncio.sleep(1)
    keep("what is not wanted does not flow", len(numbers) - paused <= 1, f"{paused - before} then {len(numbers) - paused}")

    for task in sending:
        task.cancel()
    await sender.disconnect()
    await until("leaving", 5, lambda: "sender" not in receiver.remote_participants)
    keep("leaving is seen at once", True)

    lk = api.LiveKitAPI(URL.replace("ws", "http", 1), KEY, SECRET)
    rooms = await lk.room.list_rooms(api.ListRoomsRequest(names=[name]))
    keep("the service lists the room", [r.name for r in rooms.rooms] == [name] and rooms.rooms[0].num_participants == 1)
    await lk.room.remove_participant(api.RoomParticipantIdentity(room=name, identity="receiver"))
    await until("removal", 5, lambda: not receiver.isconnected())
    keep("who is removed is out", True)
    await lk.aclose()
    print(f"{kept} promises kept")


async def read_text(reader, texts):
    texts.append(await reader.read_all())


asyncio.run(main())
