import { messageOf } from "../../../core/model/message.ts";
import type { Answer, Decided, Failure, Request } from "../../../gate/protocol.ts";
import { queryOf, type Result, runTaskProtocol } from "../../../gate/protocols/run-task.ts";
import { withTimeout } from "../../../node/http-client.ts";
import type { Telemetry } from "../telemetry.ts";
import { type Hcp, hcpFor } from "./hcp.ts";
import { isSigned, type Run, runOf } from "./run.ts";
import { guardFor, type RunTaskSettings, times as usual } from "./settings.ts";
import { turns } from "./turns.ts";

export type { RunTaskSettings } from "./settings.ts";

export interface RunTask {
  /** Answers at once; what was asked for goes on. */
  handle(request: Request): Answer;
  /** Runs that are not answered yet. */
  running(): number;
  /** Waits for the runs until `deadline` (milliseconds since 1970), then tells of the rest that they were stopped. */
  close(deadline: number): Promise<void>;
}

/** How a worker is asked; the answer is that of the protocol. */
export type Ask = (protocol: string, request: Request) => Promise<Answer>;

/** What stays to tell of runs that were stopped, milliseconds. */
const LAST_WORDS = 5_000;

/** The run task of HCP Terraform and Terraform Enterprise. Throws an Error where there is no key. */
export function runTask(settings: RunTaskSettings, ask: Ask, telemetry: Telemetry): RunTask {
  if (settings.key.length === 0) throw new Error("The run task has no HMAC key: everybody could ask.");
  const { log } = telemetry;
  const { mode, most = 64, atOnce = 4, maxPlan = 256 * 2 ** 20 } = settings;
  const times = { ...usual, ...settings.times };
  const guard = guardFor(settings);
  const turn = turns(atOnce);
  const jobs = new Map<string, Promise<void>>();
  const stopped = new AbortController();
  let closing = false;

  async function work(run: Run, request: Request): Promise<void> {
    const received = new Date();
    const { id, callback, outcomes, stage, enforcement, organization, workspace } = run;
    const about = { id, run: run.run, organization, workspace, stage, enforcement };
    const hcp = hcpFor(run, { guard, times, maxPlan });
    const { signal, end } = withTimeout(times.all, stopped.signal);
    let alive: Promise<unknown> | undefined;
    const beat = setInterval(() => {
      alive ??= hcp.tell(sign, signal, true).finally(() => {
        alive = undefined;
      });
    }, times.alive);
    const deciding = withTimeout(times.decision, signal);
    const answer = await decide(run, request, deciding.signal).catch((error: unknown) =>
      failed(request, { kind: "internal", message: `Keywarden failed: ${messageOf(error)}` }),
    );
    deciding.end();
    clearInterval(beat);
    // A sign of life must not come after the result.
    await alive;
    const result = JSON.parse(answer.body) as Result;
    if (!outcomes) delete result.data.relationships;
    let wrong = await hcp.tell(result, signal);
    // Whatever was going on when the server was stopped: once more, at once.
    if (wrong !== undefined && stopped.signal.aborted) wrong = await lastWords(hcp, result);
    end();
    const { status, message } = result.data.attributes;
    if (wrong === undefined) log.info({ ...about, status }, `told HCP Terraform: ${message}`);
    else log.error({ ...about, status, why: wrong }, "HCP Terraform was not told the result of a run task");
    const seconds = (Date.now() - received.getTime()) / 1000;
    const { method, path } = request;
    const query = queryOf({ organization, workspace, run: run.run });
    telemetry.answered({
      protocol: runTaskProtocol.name,
      request: { id: request.id, method, path, query },
      status: answer.status,
      from: new URL(callback).host,
      received,
      seconds,
      ...(answer.decision === undefined ? {} : { decision: told(answer.decision, wrong) }),
    });
  }

  /** What comes of a run: a decision of a worker, or why there is none. */
  async function decide(run: Run, request: Request, signal: AbortSignal): Promise<Answer> {
    const { plan, stage } = run;
    const none = (kind: Failure["kind"], message: string) => failed(request, { kind, message });
    if (plan === undefined)
      return none(
        "unreadable",
        `There is no plan at the stage ${stage}: attach the run task to post-plan or pre-apply.`,
      );
    const leave = await turn(signal);
    try {
      if (signal.aborted) return none(...ended(stopped.signal));
      const patience = withTimeout(times.plan, signal);
      const got = await hcpFor(run, { guard, times, maxPlan }).plan(plan, patience.signal);
      patience.end();
      if (signal.aborted) return none(...ended(stopped.signal));
      if ("failure" in got) return none("unreadable", `The plan cannot be read: ${got.failure}`);
      const { organization, workspace, run: id } = run;
      const asked: Request = {
        id: request.id,
        method: "POST",
        path: request.path,
        query: queryOf({ organization, workspace, run: id }),
        headers: { "content-type": "application/json" },
        body: got.bytes,
      };
      const aborted = new Promise<Answer>((done) => {
        signal.addEventListener("abort", () => done(none(...ended(stopped.signal))), { once: true });
      });
      return await Promise.race([ask(runTaskProtocol.name, asked), aborted]);
    } finally {
      leave();
    }
  }

  const failed = (request: Request, failure: Failure): Answer =>
    runTaskProtocol.failed(request, failure, mode);

  function handle(request: Request): Answer {
    if (request.method !== "POST") return plain(405, "Run tasks are posted.", { allow: "POST" });
    if (!isSigned(request, settings.key)) {
      telemetry.count("request_refused");
      log.warn({ id: request.id }, "a run task whose signature is missing or wrong was refused");
      return plain(401, "The signature is missing or wrong.");
    }
    const run = runOf(request.body);
    if (run === "ping") return plain(200, "");
    if ("wrong" in run) return refused(request, run.wrong);
    const wrong = URL.canParse(run.callback) ? guard(new URL(run.callback)) : "The callback is no URL.";
    if (wrong !== undefined) return refused(request, wrong);
    // It is asked again where the first answer was late.
    if (jobs.has(run.id)) return plain(200, "");
    if (closing || jobs.size >= most)
      return plain(503, closing ? "The server stops." : "Too many runs wait.", { "retry-after": "30" });
    const job = work(run, request)
      .catch((error: unknown) => log.error({ id: request.id, why: messageOf(error) }, "a run task failed"))
      .finally(() => jobs.delete(run.id));
    jobs.set(run.id, job);
    return plain(200, "");
  }

  function refused(request: Request, why: string): Answer {
    telemetry.count("request_refused");
    log.warn({ id: request.id, why }, "a run task was refused");
    return plain(400, why);
  }

  return {
    handle,
    running: () => jobs.size,
    async close(deadline) {
      closing = true;
      const timer = setTimeout(() => stopped.abort(), Math.max(0, deadline - Date.now()));
      await Promise.all(jobs.values());
      clearTimeout(timer);
    },
  };
}

const sign: Result = {
  data: { type: "task-results", attributes: { status: "running", message: "Keywarden reads the plan." } },
};

async function lastWords(hcp: Hcp, result: Result): Promise<string | undefined> {
  const { signal, end } = withTimeout(LAST_WORDS);
  const wrong = await hcp.tell(result, signal);
  end();
  return wrong;
}

function ended({ aborted }: AbortSignal): [Failure["kind"], string] {
  return aborted
    ? ["stopping", "Keywarden was stopped before it could decide. Run the plan again."]
    : ["timeout", "Keywarden came to no decision in ten minutes."];
}

/** A result that HCP Terraform does not know lets nothing through. */
const told = (decision: Decided, wrong: string | undefined): Decided =>
  wrong === undefined
    ? decision
    : { ...decision, result: { sent: false, why: wrong, status: decision.result } };

const plain = (status: number, body: string, headers: Answer["headers"] = {}): Answer => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  body,
});
