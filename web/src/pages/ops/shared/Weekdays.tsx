import { useTimeWords } from "../../../ui/words";
import styles from "./Weekdays.module.css";

interface Props {
  label: string;
  value: number[];
  onChange: (days: number[]) => void;
}

/** Seven boxes, Monday first. */
export function Weekdays({ label, value, onChange }: Props) {
  const { weekday } = useTimeWords();
  return (
    <fieldset className={styles.days}>
      <legend>{label}</legend>
      {[1, 2, 3, 4, 5, 6, 7].map((day) => (
        <label key={day}>
          <input type="checkbox" checked={value.includes(day)} onChange={({ target }) => onChange(target.checked ? [...value, day].sort() : value.filter((other) => other !== day))} />
          <span>{weekday(day)}</span>
        </label>
      ))}
    </fieldset>
  );
}
