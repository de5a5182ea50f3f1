import { after } from "./after";
import { booking } from "./booking";
import { desk } from "./desk";
import { hall, hallProblem } from "./hall";
import { joining, joiningProblem } from "./joining";
import { meetings } from "./meetings";
import { numbers } from "./numbers";
import { ops } from "./ops";
import { org } from "./org";
import { room, roomProblem } from "./room";
import { shell } from "./shell";
import { together } from "./together";
import { watch } from "./watch";

export const zh = { ...shell, ...watch, ...ops, ...org, ...numbers, ...meetings, ...booking, ...room, ...hall, ...desk, ...together, ...joining, ...after, problem: { ...shell.problem, ...roomProblem, ...hallProblem, ...joiningProblem } };

/** The same keys with other words: what a translation must be. */
export type Words<T = typeof zh> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
