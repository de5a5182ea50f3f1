import { Button } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { changeLanguage, LANGUAGES } from "../../i18n";

/** Two languages, so one press: the button names the other one, in its own words. */
export function LanguageButton() {
  const { i18n } = useTranslation();
  const other = LANGUAGES.find(({ code }) => code !== i18n.language) ?? LANGUAGES[0];
  return (
    <Button variant="subtle" color="var(--ink)" px={12} leftSection={<IconLanguage size={20} aria-hidden />} lang={other.code} onClick={() => void changeLanguage(other.code)}>
      {other.name}
    </Button>
  );
}
