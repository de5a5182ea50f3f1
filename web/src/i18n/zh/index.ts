import { after } from "./after";
import { desk } from "./desk";
import { hall, hallProblem } from "./hall";
import { meetings } from "./meetings";
import { numbers } from "./numbers";
import { ops } from "./ops";
import { org } from "./org";
import { room, roomProblem } from "./room";
import { shell } from "./shell";
import { together } from "./together";
import { watch } from "./watch";

export const zh = { ...shell, ...watch, ...ops, ...org, ...numbers, ...meetings, ...room, ...hall, ...desk, ...together, ...after, problem: { ...shell.problem, ...roomProblem, ...hallProblem } };

/** The same keys with other words: what a translation must be. */
export type Words<T = typeof zh> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
