import { type ConnectionQuality, type ConnectionState, type LocalVideoTrack, type Participant, type RemoteAudioTrack, type RemoteTrackPublication, type RemoteVideoTrack, type Room, RoomEvent, Track } from "livekit-client";

import { languageOf } from "../meeting/interpretation/languages";

/** One picture in the room: a person's camera (or their name while it is off), or a screen. */
export interface Tile {
  key: string;
  identity: string;
  name: string;
  me: boolean;
  source: "camera" | "screen";
  /** What to show; null while nothing is sent. */
  track: LocalVideoTrack | RemoteVideoTrack | null;
  /** By which another's picture is asked for in layers. */
  publication: RemoteTrackPublication | null;
  /** The server sends none for now, as the line does not carry it. */
  paused: boolean;
  muted: boolean;
  speaking: boolean;
  /** What the server says of this person. */
  attributes: Readonly<Record<string, string>>;
  quality: ConnectionQuality;
}

/** An interpreter's track. */
export interface Voice {
  identity: string;
  language: string;
  /** Null while it is not taken, or silent. */
  track: RemoteAudioTrack | null;
}

/** What the page shows of a room at one moment. */
export interface View {
  state: ConnectionState;
  tiles: Tile[];
  screens: Tile[];
  /** Of the floor: what everybody hears. */
  sounds: RemoteAudioTrack[];
  /** Of interpreters: what is heard by who chose the language. */
  voices: Voice[];
  /** What the server says of the room. */
  metadata: string;
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  /** The browser waits for a press before it plays sound. */
  soundBlocked: boolean;
}

/** The events after which a view is made anew. */
export const CHANGES = [
  RoomEvent.SignalConnected,
  RoomEvent.ConnectionStateChanged,
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ParticipantAttributesChanged,
  RoomEvent.RoomMetadataChanged,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.TrackStreamStateChanged,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.TrackSubscriptionStatusChanged,
  RoomEvent.ActiveSpeakersChanged,
  RoomEvent.ConnectionQualityChanged,
  RoomEvent.AudioPlaybackStatusChanged,
] as const;

function tileOf(person: Participant, source: Tile["source"]): Tile {
  const publication = person.getTrackPublication(source === "camera" ? Track.Source.Camera : Track.Source.ScreenShare);
  const microphone = person.getTrackPublication(Track.Source.Microphone);
  const shown = publication !== undefined && !publication.isMuted;
  return {
    key: `${person.identity}/${source}`,
    identity: person.identity,
    name: person.name || person.identity,
    me: person.isLocal,
    source,
    track: (shown && (publication.videoTrack as Tile["track"])) || null,
    publication: shown && !person.isLocal ? (publication as RemoteTrackPublication) : null,
    paused: !person.isLocal && shown && publication.track?.streamState === Track.StreamState.Paused,
    muted: microphone === undefined || microphone.isMuted,
    speaking: person.isSpeaking,
    attributes: person.attributes,
    quality: person.connectionQuality,
  };
}

/** In the order in which they came, so that tiles do not jump; oneself last. */
function everyone(room: Room): Participant[] {
  const others = [...room.remoteParticipants.values()].sort((one, other) => (one.joinedAt?.getTime() ?? 0) - (other.joinedAt?.getTime() ?? 0) || one.identity.localeCompare(other.identity));
  return [...others, room.localParticipant];
}

export function viewOf(room: Room): View {
  const people = everyone(room);
  const audible = [...room.remoteParticipants.values()].flatMap(({ identity, audioTrackPublications }) => [...audioTrackPublications.values()].map((publication) => ({ identity, publication, language: languageOf(publication.trackName) })));
  const { isMicrophoneEnabled: microphone, isCameraEnabled: camera, isScreenShareEnabled: screen } = room.localParticipant;
  return {
    state: room.state,
    tiles: people.map((person) => tileOf(person, "camera")),
    screens: people.filter((person) => person.getTrackPublication(Track.Source.ScreenShare)).map((person) => tileOf(person, "screen")),
    sounds: audible.flatMap(({ language, publication: { audioTrack } }) => (audioTrack && language === null ? [audioTrack as RemoteAudioTrack] : [])),
    voices: audible.flatMap(({ identity, language, publication: { audioTrack, isMuted } }) => (language === null ? [] : [{ identity, language, track: isMuted ? null : ((audioTrack as RemoteAudioTrack | undefined) ?? null) }])),
    metadata: room.metadata ?? "",
    microphone,
    camera,
    screen,
    soundBlocked: !room.canPlaybackAudio,
  };
}
