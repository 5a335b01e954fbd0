import { Page } from "../parts/Page";
import { t } from "../state/texts";

const parts = ["who", "what", "not", "why", "seen", "rights", "browser", "contact"] as const;

// What the page and the hub keep, and what one may ask for.
export default function Privacy() {
  return (
    <Page title={t("nav.privacy")} lead={t("privacy.lead")}>
      {parts.map((part) => (
        <section key={part}>
          <h2>{t(`privacy.${part}.title`)}</h2>
          <p class="prose">{t(`privacy.${part}.text`)}</p>
        </section>
      ))}
    </Page>
  );
}
