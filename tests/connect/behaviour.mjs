// What fake_hub.py does, in connect-node: the same requests ask for the same. README.md has the table.
import { createHash } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";

const SAYS = "the hub says: ";
const REVISION = 7n;
const HELD = 9001n, ENDLESS = 9002n, WITH_TRAILER = 9003n, UNTIL_DEADLINE = 9004n,
  ERROR_WITH_TRAILER = 9005n;
const RECORD_BYTES = 100_000;
const PATIENCE_MS = 20_000;

const CODES = Object.fromEntries(Object.entries(Code).filter(([name]) => Number.isNaN(Number(name)))
  .map(([name, code]) => [name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase(), code]));

function detailsOf(kind, { ErrorInfoSchema, RetryInfoSchema }) {
  const info = { desc: ErrorInfoSchema,
    value: { reason: "TOLD", domain: "brobygger", metadata: { field: "id" } } };
  return {
    "": [info],
    plain: [],
    two: [info, { desc: RetryInfoSchema, value: { retryDelay: { seconds: 5n } } }],
    same: [info, { desc: ErrorInfoSchema, value: { reason: "TOLD_TOO", domain: "brobygger" } }],
    foreign: [{ type: "example.Unheard", value: new Uint8Array([8, 1, 255]) }],
    known: [{ desc: StringValueSchema, value: { value: "dansk: æøå" } }],
  }[kind];
}

function sayRevision(context) {
  context.responseTrailer.set("brobygger-revision", String(REVISION));
}

function failureOf(schemas, word, kind = "") {
  const error = new ConnectError(SAYS + word, CODES[word]);
  error.details = detailsOf(kind, schemas);
  return error;
}

// Ends early when the call is given up, as a gRPC server's wait does; says why.
function wait(context, milliseconds) {
  return new Promise((done, fail) => {
    const timer = setTimeout(done, milliseconds);
    const giveUp = () => {
      clearTimeout(timer);
      fail(context.signal.reason);
    };
    if (context.signal.aborted) giveUp();
    context.signal.addEventListener("abort", giveUp);
  });
}

// `schemas` is what protoc-gen-es made of the protos.
export function behaviourOf(schemas) {
  return {
    async updateAssociation({ association, updateMask }, context) {
      const given = association ?? create(schemas.AssociationSchema);
      const [what, ...more] = given.id.split(":");
      const answer = { association: given, revision: REVISION };
      if (what === "error") {
        sayRevision(context);
        throw failureOf(schemas, ...more);
      }
      if (what === "wait") await wait(context, Number(more[0]));
      if (what === "large") given.officialName = "a".repeat(Number(more[0]));
      if (what === "trailer") context.responseTrailer.set("brobygger-revision", more[0]);
      if (what === "caller") given.officialName = context.requestHeader.get("authorization") ?? "nobody";
      if (updateMask?.paths.length > 0) given.etag = updateMask.paths.join(",");
      return answer;
    },

    useModel({ modelText }) {
      return { revision: REVISION, model: {
        digest: createHash("sha256").update(modelText).digest("hex"), memoryBytes: BigInt(modelText.length),
      } };
    },

    async *followChanges({ afterRevision, stopAtEnd, includeRecords }, context) {
      if (afterRevision === HELD) throw new Error("the oracle holds no stream");
      if (afterRevision === WITH_TRAILER) {
        context.responseTrailer.set("brobygger-revision", "9");
        return;
      }
      if (afterRevision === ERROR_WITH_TRAILER) {
        sayRevision(context);
        throw failureOf(schemas, "failed_precondition");
      }
      if (afterRevision === UNTIL_DEADLINE) return void await wait(context, PATIENCE_MS);
      if (afterRevision === ENDLESS) {
        yield { throughRevision: 1n };
        return void await wait(context, PATIENCE_MS);
      }
      for (let number = 1n; number <= afterRevision; ++number) {
        const change = { revision: number, kind: schemas.Change_Kind.UPDATED,
          subject: { case: "associationId", value: `a-${number}` } };
        if (includeRecords) change.record = { case: "association", value: { officialName: "a".repeat(RECORD_BYTES) } };
        yield { throughRevision: number, changes: [change] };
      }
      if (!stopAtEnd) throw failureOf(schemas, "failed_precondition");
    },
  };
}
