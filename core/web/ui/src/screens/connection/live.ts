// Making a plan and doing what it says, live: both answer with a stream of progress that ends with
// a result. A stream may break off while the hub goes on, so what became of it is looked up.
import { useEffect, useRef, useState } from "preact/hooks";
import { call, stream } from "../../api/client";
import { ApiError } from "../../api/errors";
import type { RunJson } from "../../gen/brobygger/sync/v1/connection_pb";
import type { PlanJson } from "../../gen/brobygger/sync/v1/plan_pb";
import type { ProgressJson } from "../../gen/brobygger/sync/v1/sync_service_pb";
import { requestId } from "../../state/hooks";

export interface Live {
  // looking: the stream broke off, and what became of it is being looked up.
  doing?: "planning" | "applying" | "rejecting" | "looking";
  progress?: ProgressJson;
  plan?: PlanJson;
  run?: RunJson;
  error?: ApiError;
  // A person rejected the plan: nothing of it is done.
  rejected?: boolean;
  // The stream broke off, and this was found: nothing had been done.
  lost?: boolean;
}

const toError = (trouble: unknown) => (trouble instanceof ApiError ? trouble : new ApiError("unknown", String(trouble)));
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const kLookEvery = 1500;

// Waits until no run of the connection is under way any more.
async function waitForEnd(connectionId: string, shown: () => boolean): Promise<void> {
  while (shown()) {
    const { statuses } = await call("sync.v1.SyncService/ListConnections", { connectionId });
    if (statuses?.[0]?.lastRun?.state !== "STATE_RUNNING") return;
    await pause(kLookEvery);
  }
}

// The run that did what the plan says, if it was done.
async function runOf(plan: PlanJson): Promise<RunJson | undefined> {
  const { plan: now } = await call("sync.v1.SyncService/GetPlan", { planId: plan.id });
  if (!now?.usedTime) return undefined;
  const { runs = [] } = await call("sync.v1.SyncService/ListRuns", { connectionId: plan.connectionId, pageSize: 20 });
  return runs.find((each) => each.planId === plan.id);
}

// Makes a plan; `tell` hears how far it has come.
async function readPlan(connectionId: string, tell: (live: Live) => void): Promise<Live> {
  tell({ doing: "planning" });
  let plan: PlanJson | undefined;
  for await (const event of stream("sync.v1.SyncService/PlanSync", { connectionId })) {
    if (event.progress) tell({ doing: "planning", progress: event.progress });
    plan = event.plan ?? plan;
  }
  return { plan };
}

// Does what a plan says.
async function doPlan(plan: PlanJson, acceptHeld: boolean, tell: (live: Live) => void): Promise<Live> {
  tell({ doing: "applying", plan });
  let run: RunJson | undefined;
  for await (const event of stream("sync.v1.SyncService/ApplyPlan", { planId: plan.id, acceptHeld })) {
    if (event.progress) tell({ doing: "applying", plan, progress: event.progress });
    run = event.run ?? run;
  }
  return { run };
}

// Says that nothing of a plan is to be done.
async function rejectPlan(plan: PlanJson, tell: (live: Live) => void): Promise<Live> {
  tell({ doing: "rejecting", plan });
  await call("sync.v1.SyncService/RejectPlan", { planId: plan.id, requestId: requestId() });
  return { rejected: true };
}

async function openPlan(planId: string): Promise<Live> {
  return { plan: (await call("sync.v1.SyncService/GetPlan", { planId })).plan };
}

async function lookAt(plan: PlanJson): Promise<Live> {
  const run = await runOf(plan);
  return run ? { run } : { plan, lost: true };
}

// Whether a plan was rejected before the way to the hub broke; else it can be rejected again.
async function lookIfRejected(plan: PlanJson): Promise<Live> {
  const { plan: now } = await call("sync.v1.SyncService/GetPlan", { planId: plan.id });
  return now?.rejectTime ? { rejected: true } : { plan, lost: true };
}

const nothingDone = () => Promise.resolve<Live>({ lost: true });

export function useSync(connectionId: string, onEnd: () => void) {
  const [live, setLive] = useState<Live>({});
  const shown = useRef(true);
  useEffect(() => () => {
    shown.current = false;
  }, []);
  const end = (to: Live) => {
    setLive(to);
    onEnd();
  };
  // Runs `what`; if the way to the hub breaks meanwhile, `recover` says what became of it.
  const attempt = async (what: () => Promise<Live>, recover: () => Promise<Live>) => {
    try {
      return end(await what());
    } catch (trouble) {
      const error = toError(trouble);
      if (!error.isAway) return end({ plan: live.plan, error });
    }
    try {
      setLive((old) => ({ ...old, doing: "looking" }));
      await waitForEnd(connectionId, () => shown.current);
      end(await recover());
    } catch (trouble) {
      end({ plan: live.plan, error: toError(trouble) });
    }
  };
  return {
    live,
    busy: live.doing !== undefined,
    plan: () => void attempt(() => readPlan(connectionId, setLive), nothingDone),
    apply: (plan: PlanJson, acceptHeld: boolean) => void attempt(() => doPlan(plan, acceptHeld, setLive), () => lookAt(plan)),
    reject: (plan: PlanJson) => void attempt(() => rejectPlan(plan, setLive), () => lookIfRejected(plan)),
    // Shows a plan that waits.
    open: (planId: string) => void attempt(() => openPlan(planId), nothingDone),
  };
}
