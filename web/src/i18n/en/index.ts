import type { Words } from "../zh";
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

export const en: Words = { ...shell, ...watch, ...ops, ...org, ...numbers, ...meetings, ...booking, ...room, ...hall, ...desk, ...together, ...joining, ...after, problem: { ...shell.problem, ...roomProblem, ...hallProblem, ...joiningProblem } };
