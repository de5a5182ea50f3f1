import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import { zh } from "./zh";

export const LANGUAGES = [
  { code: "zh", name: "中文" },
  { code: "en", name: "English" },
] as const;

export type Language = (typeof LANGUAGES)[number]["code"];

const KEY = "yizhan.language";

/** What a first visitor gets: Chinese, unless the browser asks for something else that we have first. */
export function preferred(stored: string | null, browser: readonly string[]): Language {
  const wanted = [stored, ...browser.map((tag) => tag.split("-")[0])];
  return LANGUAGES.find(({ code }) => code === wanted.find((tag) => LANGUAGES.some((language) => language.code === tag)))?.code ?? "zh";
}

/** Chinese comes with the page; another language is fetched when it is wanted. */
async function load(language: Language): Promise<void> {
  if (language === "en" && !i18next.hasResourceBundle("en", "translation")) {
    const { en } = await import("./en");
    i18next.addResourceBundle("en", "translation", en);
  }
}

function mark(language: Language): void {
  document.documentElement.lang = language === "zh" ? "zh-CN" : language;
  document.documentElement.dir = i18next.dir(language);
}

export async function startLanguage(): Promise<void> {
  const language = preferred(localStorage.getItem(KEY), navigator.languages);
  await i18next.use(initReactI18next).init({
    lng: "zh",
    fallbackLng: "zh",
    resources: { zh: { translation: zh } },
    interpolation: { escapeValue: false },
  });
  await changeLanguage(language, false);
}

export async function changeLanguage(language: Language, keep = true): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  mark(language);
  if (keep) localStorage.setItem(KEY, language);
}
