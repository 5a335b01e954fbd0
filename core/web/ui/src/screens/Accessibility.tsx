import { Alert } from "../parts/Alert";
import { Page } from "../parts/Page";
import { t } from "../state/texts";

const parts = ["scope", "state", "lacking", "testing", "contact", "enforcement", "made"] as const;

// The statement that lov om tilgængelighed af offentlige organers websteder asks for, as far as
// it is the program's; the municipality's own contact is filled in by the municipality.
export default function Accessibility() {
  return (
    <Page title={t("nav.accessibility")} lead={t("accessibility.lead")}>
      <Alert tone="info">{t("accessibility.fillIn")}</Alert>
      {parts.map((part) => (
        <section key={part}>
          <h2>{t(`accessibility.${part}.title`)}</h2>
          <p class="prose">{t(`accessibility.${part}.text`)}</p>
          {part === "enforcement" && <p><a href="https://www.was.digst.dk" rel="noreferrer">www.was.digst.dk</a></p>}
        </section>
      ))}
    </Page>
  );
}
