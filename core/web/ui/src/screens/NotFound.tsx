import { Link } from "../parts/Link";
import { Page } from "../parts/Page";
import { t } from "../state/texts";

export function NotFound() {
  return (
    <Page title={t("notFound.title")} lead={t("notFound.text")}>
      <p><Link to="/">{t("notFound.home")}</Link></p>
    </Page>
  );
}
