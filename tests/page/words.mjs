// The page's own texts, by which tests find what a person would look for.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./demo.mjs";

export const da = JSON.parse(readFileSync(join(root, "core/web/ui/texts/da.json"), "utf8"));
