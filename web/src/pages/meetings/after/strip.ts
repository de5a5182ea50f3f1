// A venue's minutes as fields of a strip. Pure.

export type FieldGrade = "good" | "fair" | "poor" | "none";

interface Minute {
  at: number;
  grade: Exclude<FieldGrade, "none">;
}

export interface Field<M extends Minute> {
  at: number;
  grade: FieldGrade;
  /** The worst of the minutes that it stands for. */
  worst: M | null;
}

const MINUTE_MS = 60_000;
const MOST_FIELDS = 180;
const BADNESS: Record<FieldGrade, number> = { none: 0, good: 1, fair: 2, poor: 3 };

/** Fields of a minute each; of a long meeting several minutes are one, and the worst is shown. */
export function fieldsOf<M extends Minute>(minutes: readonly M[], from: number, to: number): Field<M>[] {
  const all = Math.max(1, Math.round((to - from) / MINUTE_MS));
  const each = Math.ceil(all / MOST_FIELDS) * MINUTE_MS;
  const fields: Field<M>[] = Array.from({ length: Math.ceil((all * MINUTE_MS) / each) }, (_, at) => ({ at: from + at * each, grade: "none", worst: null }));
  for (const minute of minutes) {
    const field = fields[Math.floor((minute.at - from) / each)];
    if (field && BADNESS[minute.grade] > BADNESS[field.grade]) {
      field.grade = minute.grade;
      field.worst = minute;
    }
  }
  return fields;
}
