// connect-web as it is published against the door: what a page of ours, or anybody's, may expect of it.
// Runs in Node and in a browser alike. The hub behind the door is fake_hub.py.
import { create, equals } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";

const HELD = 9001n, ENDLESS = 9002n, UNTIL_DEADLINE = 9004n;
const PATIENCE_MS = 20_000;
const TOKEN = "bb_of-the-tests";

function agree(told, expected) {
  if (told !== expected) throw new Error(`told ${String(told)}, expected ${String(expected)}`);
}

async function failureOf(call) {
  try {
    await call;
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new Error("it succeeded");
}

function clientsAt(base, schemas, useBinaryFormat) {
  const transport = createConnectTransport({
    baseUrl: `${base}/api`,
    useBinaryFormat,
    interceptors: [(next) => (request) => {
      request.header.set("Authorization", `Bearer ${TOKEN}`);
      return next(request);
    }],
  });
  const registry = createClient(schemas.RegistryService, transport);
  return {
    registry,
    schemas,
    feed: createClient(schemas.FeedService, transport),
    identity: createClient(schemas.IdentityService, transport),
    // Has the hub do something, and tells what it says of it.
    async ask(id, options) {
      return (await registry.updateAssociation({ association: { id } }, options)).association.officialName;
    },
  };
}

const CHECKS = {
  async "an answer to a unary call holds what the hub read"({ registry, schemas }) {
    const association = create(schemas.AssociationSchema, {
      id: "a", officialName: "Ærø جمعية", status: schemas.AssociationStatus.ACTIVE,
      createTime: { seconds: 1_777_890_030n, nanos: 120_000_000 }, advertisingProtected: false,
      resourceStatements: [{ year: 2026, membershipFeeOere: 9_007_199_254_740_993n }],
      purpose: { byLanguage: { da: "At læse lektier" } },
    });
    const answer = await registry.updateAssociation({ association, updateMask: { paths: ["official_name"] } });
    association.etag = "official_name";
    agree(equals(schemas.AssociationSchema, answer.association, association), true);
    agree(answer.revision, 7n);
  },

  async "octets arrive as they were sent"({ identity }) {
    const modelText = Uint8Array.from({ length: 256 }, (_, octet) => octet);
    const { model } = await identity.useModel({ modelText });
    agree(model.memoryBytes, 256n);
    agree(model.digest, "40aff2e9d2d8922e47afd4648e6967497158785fbd1da870e7110266bf944880");
  },

  async "the hub hears whose call it is"({ ask }) {
    agree(await ask("caller"), `Bearer ${TOKEN}`);
  },

  async "a trailer reaches the caller"({ ask }) {
    let revision = null;
    await ask("trailer:42", { onTrailer: (trailer) => { revision = trailer.get("brobygger-revision"); } });
    agree(revision, "42");
  },

  async "twenty calls at once are each answered"({ registry }) {
    const ids = Array.from({ length: 20 }, (_, number) => `a-${number}`);
    const answers = await Promise.all(ids.map((id) => registry.updateAssociation({ association: { id } })));
    agree(answers.map(({ association }) => association.id).join(), ids.join());
  },

  async "messages of a stream arrive one by one"({ feed, ask }) {
    // The hub sends the next one when it hears that this one is here.
    const told = [];
    for await (const { throughRevision, changes } of feed.followChanges({ afterRevision: HELD, stopAtEnd: true })) {
      agree(changes[0].subject.value, `a-${throughRevision}`);
      told.push(throughRevision);
      if (told.length < 3) await ask("step");
    }
    agree(told.join(), "1,2,3");
  },

  async "a stream that is larger than every buffer arrives whole"({ feed }) {
    let bytes = 0;
    for await (const { changes } of feed.followChanges({ afterRevision: 50n, stopAtEnd: true, includeRecords: true })) {
      bytes += changes[0].record.value.officialName.length;
    }
    agree(bytes, 5_000_000);
  },

  async "an error has its code, its words and its typed details"({ ask, schemas }) {
    const error = await failureOf(ask("error:permission_denied:two"));
    agree(error.code, Code.PermissionDenied);
    agree(error.rawMessage, "the hub says: permission_denied");
    const [info] = error.findDetails(schemas.ErrorInfoSchema);
    agree([info.reason, info.domain, info.metadata.field].join(), "TOLD,brobygger,id");
    agree(error.findDetails(schemas.RetryInfoSchema)[0].retryDelay.seconds, 5n);
  },

  async "an error after three messages of a stream has its typed details"({ feed, schemas }) {
    const told = [];
    const error = await failureOf((async () => {
      for await (const { throughRevision } of feed.followChanges({ afterRevision: 3n })) told.push(throughRevision);
    })());
    agree(told.join(), "1,2,3");
    agree(error.code, Code.FailedPrecondition);
    agree(error.findDetails(schemas.ErrorInfoSchema)[0].reason, "TOLD");
  },

  async "a call ends with its deadline, and the hub is told"({ ask }) {
    const error = await failureOf(ask("wait:15000:timed", { timeoutMs: 300 }));
    agree(error.code, Code.DeadlineExceeded);
    agree(await ask("noted:timed ended"), "True");
  },

  async "a stream ends with its deadline"({ feed }) {
    const error = await failureOf((async () => {
      for await (const message of feed.followChanges({ afterRevision: UNTIL_DEADLINE }, { timeoutMs: 300 })) {
        throw new Error(`told ${String(message)}`);
      }
    })());
    agree(error.code, Code.DeadlineExceeded);
  },

  async "a call that is given up ends at once, and the next one is answered"({ ask }) {
    const controller = new AbortController();
    const ended = failureOf(ask("wait:15000:given up", { signal: controller.signal }));
    agree(await ask("noted:given up came"), "True");
    controller.abort();
    agree((await ended).code, Code.Canceled);
    agree(await ask("caller"), `Bearer ${TOKEN}`);
  },

  async "the hub hears within a second that a stream is given up"({ feed, ask }) {
    const controller = new AbortController();
    const error = await failureOf((async () => {
      for await (const { throughRevision } of feed.followChanges(
        { afterRevision: ENDLESS }, { signal: controller.signal })) {
        agree(throughRevision, 1n);
        agree(await ask("noted:stream came"), "True");
        controller.abort();
      }
    })());
    agree(error.code, Code.Canceled);
    agree(await ask("noted:stream ended"), "True");
  },
};

// What protoc-gen-es made of the protos, of the folder `gen`.
export async function schemasIn(gen) {
  return Object.assign({}, ...await Promise.all([
    "brobygger/feed/v1/feed_service", "brobygger/identity/v1/identity_service",
    "brobygger/registry/v1/association", "brobygger/registry/v1/common", "brobygger/registry/v1/registry_service",
    "google/rpc/status",
  ].map((file) => import(`${gen}/${file}_pb.js`))));
}

// Each check in JSON and in the wire form: its name, and why it failed or "".
export async function runChecks(base, gen) {
  const schemas = await schemasIn(gen);
  const told = [];
  for (const [name, check] of Object.entries(CHECKS)) {
    for (const [form, binary] of [["JSON", false], ["the wire form", true]]) {
      let timer;
      const late = new Promise((_, fail) => {
        timer = setTimeout(() => fail(new Error("it took too long")), PATIENCE_MS);
      });
      const why = await Promise.race([check(clientsAt(base, schemas, binary)), late])
        .then(() => "", (error) => `${error.message}\n${error.stack}`);
      clearTimeout(timer);
      told.push({ name: `${name}, in ${form}`, why });
    }
  }
  return told;
}
