// Names of municipalities by code: asked for once, since they do not change while a page is open.
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client";

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
