// What helps before one calls: do, avoid, be aware.
import { Loading } from "../../parts/Loading";
import { Trouble } from "../../parts/Trouble";
import { useCall } from "../../state/hooks";
import { language, t } from "../../state/texts";

const kKinds = ["DO", "AVOID", "AWARE"] as const;

export function Advice() {
  const asked = useCall("collab.v1.AdviceService/ListAdvice", { side: "COLLABORATION_SIDE_MUNICIPALITY" });
  const { advice = [] } = asked.data ?? {};
  return (
    <>
      <Trouble error={asked.error} retry={asked.reload} />
      {!asked.data && asked.loading && <Loading />}
      <div class="advice">
        {kKinds.map((kind) => {
          const items = advice.filter((each) => each.kind === `ADVICE_KIND_${kind}`);
          return items.length > 0 && (
            <section key={kind} class={`advice-${kind.toLowerCase()}`}>
              <h3>{t(`gettingStarted.advice.${kind}`)}</h3>
              <ul>{items.map((each) => <li key={each.id}>{language.value === "en" ? each.textEn : each.textDa}</li>)}</ul>
            </section>
          );
        })}
      </div>
    </>
  );
}
