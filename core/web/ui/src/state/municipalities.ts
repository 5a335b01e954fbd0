// Names of municipalities by code: asked for once, since they do not change while a page is open.
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client";
import { session } from "./session";
import { t } from "./texts";

let names: Promise<ReadonlyMap<string, string>> | undefined;

async function ask(): Promise<ReadonlyMap<string, string>> {
  const told = await call("registry.v1.RegistryService/ListMunicipalities", {});
  return new Map(told.municipalities?.map((each) => [each.code ?? "", each.officialName ?? ""]));
}

// Undefined until they are known; empty where they cannot be had, and then asked for again by the
// next who needs them.
export function useMunicipalityNames(): ReadonlyMap<string, string> | undefined {
  const [known, setKnown] = useState<ReadonlyMap<string, string>>();
  useEffect(() => {
    names ??= ask().catch(() => {
      names = undefined;
      return new Map();
    });
    void names.then(setKnown);
  }, []);
  return known;
}

// What a municipality is called: by the hub's list; `home`, which is one's own, else as whoever runs
// the page calls it; else by its code.
export function municipalityText(code: string, name: string | undefined, home: string | undefined): string {
  return name || (code === home && session.info.value?.title) || t("layout.municipalityCode", { code });
}
