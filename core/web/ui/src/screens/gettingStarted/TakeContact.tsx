// "Tag kontakt": first what helps and what is known, then the contact written down.
import { useEffect, useRef, useState } from "preact/hooks";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Link } from "../../parts/Link";
import { Trouble } from "../../parts/Trouble";
import { useCall } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { Advice } from "./Advice";
import { ContactForm, hasDraft } from "./ContactForm";
import { Guide } from "./Guide";

interface Props {
  association: { id: string; name: string };
  code?: string;
  departments: { id: string; name: string }[];
  departmentId?: string;
  onClose: () => void;
  onDone: () => void;
}

// The five questions about the association itself.
function Questions({ code, associationId }: { code: string; associationId: string }) {
  const asked = useCall("discovery.v1.DiscoveryService/GetGuide", { municipalityCode: code, associationId });
  const answers = (asked.data?.answers ?? []).slice(-5);
  return (
    <details>
      <summary>{t("gettingStarted.aboutAssociation")}</summary>
      <Trouble error={asked.error} retry={asked.reload} />
      <Guide answers={answers} />
    </details>
  );
}

type Step = "advice" | "form" | "done";

// A contact is written by who works in its department, or coordinates across departments.
function writable(departments: Props["departments"]): Props["departments"] {
  if (session.has("municipality.write")) return departments;
  return departments.filter((each) => each.id === session.me.value?.departmentId);
}

export default function TakeContact({ association, code, departments, departmentId, onClose, onDone }: Props) {
  const [step, setStep] = useState<Step>(() => (hasDraft(association.id) ? "form" : "advice"));
  const mine = writable(departments);
  const meant = departmentId ?? session.me.value?.departmentId ?? "";
  const own = mine.some((each) => each.id === meant) ? meant : mine[0]?.id ?? "";
  const top = useRef<HTMLDivElement>(null);
  // A new step begins at its beginning, also where the one before was long.
  useEffect(() => {
    top.current?.closest("dialog")?.scrollTo(0, 0);
    if (step === "form") top.current?.querySelector<HTMLElement>("select")?.focus();
  }, [step]);
  const written = () => {
    setStep("done");
    onDone();
  };
  return (
    <Dialog wide title={t("gettingStarted.contactTitle", { name: association.name })} onClose={onClose} actions={
      step === "advice" ? <Button onClick={() => setStep("form")}>{t("gettingStarted.toForm")}</Button>
        : step === "done" && <Button onClick={onClose}>{t("common.close")}</Button>
    }>
      <div ref={top}>
        {step === "advice" && (
          <>
            <p>{t("gettingStarted.adviceLead")}</p>
            <Advice />
            {code && <Questions code={code} associationId={association.id} />}
          </>
        )}
        {step === "form" && (
          <ContactForm associationId={association.id} departments={mine} departmentId={own} onBack={() => setStep("advice")} onDone={written} />
        )}
        {step === "done" && (
          <Alert tone="success" title={t("gettingStarted.written")} announce>
            <p>{t("gettingStarted.writtenText")}</p>
            <Link to={`/foreninger/${association.id}`}>{t("whoKnows.open")}</Link>
          </Alert>
        )}
      </div>
    </Dialog>
  );
}
