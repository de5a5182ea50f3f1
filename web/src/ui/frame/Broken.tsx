import { Component, type ComponentType, type ReactNode } from "react";
import { withTranslation, type WithTranslation } from "react-i18next";

import { CopyButton } from "../CopyButton";
import styles from "../Empty.module.css";

interface State {
  error: Error | null;
}

/** A page that throws says so instead of going blank. */
class Boundary extends Component<WithTranslation & { children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render() {
    const { t, children } = this.props;
    const { error } = this.state;
    if (!error) return children;
    const words = `${error.name}: ${error.message}\n${window.location.pathname}`;
    return (
      <div className={styles.empty} role="alert">
        <p className={styles.title}>{t("common.broken")}</p>
        <p className={styles.hint}>{t("common.broken_hint")}</p>
        <pre>{words}</pre>
        <CopyButton text={words} />
        <a className={styles.link} href={window.location.pathname}>
          {t("common.reload")} →
        </a>
      </div>
    );
  }
}

export const Broken: ComponentType<{ children: ReactNode }> = withTranslation()(Boundary);
