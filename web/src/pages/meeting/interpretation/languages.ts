// Languages of interpretation: what their speakers call them, and how their tracks are named.

/** Those that are offered first; any other tag (BCP 47) may be in a meeting, too. */
export const LANGUAGES = ["zh", "ug", "bo", "kk", "mn-Mong", "ky", "ko", "za", "ii", "en", "ru", "ar", "fr"] as const;

const OWN_NAMES: Record<string, string> = { zh: "汉语", ug: "ئۇيغۇرچە", bo: "བོད་སྐད", kk: "قازاقشا", "mn-Mong": "Монгол", ky: "Кыргызча", ko: "조선말", za: "Vahcuengh", ii: "ꆈꌠꉙ", en: "English", ru: "Русский", ar: "العربية", fr: "Français" };

/** As its own speakers write it. */
export const ownName = (language: string): string => OWN_NAMES[language] ?? language;

/** As readers of the page call it; browsers know all languages. */
export function nameFor(language: string, readers: string): string {
  try {
    return new Intl.DisplayNames([readers === "zh" ? "zh-CN" : "en"], { type: "language" }).of(language.split("-")[0] ?? language) ?? language;
  } catch {
    return language;
  }
}

const PREFIX = "interpretation.";

/** The name of the track in a language; the server lets nobody else's microphone have it. */
export const trackName = (language: string): string => PREFIX + language;

/** The language of a track of this name; null where it is the floor's. */
export const languageOf = (name: string | undefined): string | null => (name?.startsWith(PREFIX) ? name.slice(PREFIX.length) : null);
