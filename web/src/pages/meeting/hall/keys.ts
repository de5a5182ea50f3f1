// What a key does in a venue.

export const HALL_KEYS = {
  microphone: "M",
  camera: "V",
  hand: "H",
  answer: "A",
  screen: "E",
  chat: "C",
  people: "P",
  layout: "L",
  full: "F",
  aside: "I",
  statistics: "S",
  desk: "D",
  listen: "Y",
  interpret: "B",
  help: "Shift+?",
  leave: "Shift+Q",
} as const;

export type HallAct = keyof typeof HALL_KEYS;
