// Runs the checks of a file on one run, one after the other, each within its time. What a check says is masked here, on its way out.
//
// Whatever goes wrong inside a check is that check's result and nobody else's: this function returns one result per check and throws
// only for a mistake of its caller.
import { cut } from '../base/cut.ts';
import { stripVTControlCharacters } from 'node:util';
import type { Clock } from '../base/clock.ts';
import { describeThrown } from '../base/fault.ts';
import { KIND_NAMES, type CheckSpec, type KindName } from '../contracts/checks-file.ts';
import type { RunFacts } from '../contracts/run-facts.ts';
import { createExceptions, type IsExcepted } from '../findings/exceptions.ts';
import type { CheckResult, Finding, WaiverReport } from '../findings/finding.ts';
import { worstFirst } from '../findings/sort.ts';
import { applyWaivers } from '../findings/waivers.ts';
import { withoutCredentials } from '../plan/masking.ts';
import type { Plan } from '../plan/model.ts';
import { applicabilityOf } from './applies.ts';
import { CATALOGUE } from './catalogue.ts';
import type { CheckSet, LoadedCheck } from './check-set.ts';
import { startWorkerFile } from './cel/host.ts';
import { createLocate } from './locate/locate.ts';
import { MESSAGE_LENGTH, toFinding, type Cleaner, type FindingFrame } from './to-finding.ts';
import { TimeIsUp, withinTime } from './within-time.ts';
import type { FindingDraft, Kind, KindContext, KindOutcome, OpenKind, ScriptProgram, StartWorker } from './kind.ts';
import { scriptProgramFile } from './script/program.ts';

export interface RunChecksInput {
  readonly set: CheckSet;
  readonly run: RunFacts;
  readonly plan: Plan | null;
  /** Why there is no plan, as a sentence; null when there is one. */
  readonly planProblem: string | null;
  readonly planPath: string | null;
  readonly configurationDir: string | null;
  /** The trusted checkout. */
  readonly workspaceDir: string;
  /** Default null: not known. */
  readonly jobStartedAt?: number | null;
  /** Made from the same plan. null only where there is no plan. */
  readonly masker: { text(text: string): string } | null;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Ends the whole: what has not ended by then errored. */
  readonly signal: AbortSignal;
  /** Before each check; `done` checks have ended. */
  readonly onProgress?: (done: number, total: number, name: string) => void;
  /** For `--explain`: what each check looked at, masked. Absent: nobody asks. */
  readonly onExplain?: (check: string, subject: string, saw: string) => void;
  readonly startWorker?: StartWorker;
  readonly scriptProgram?: ScriptProgram;
}

export interface CheckRun {
  /** One for each check, in the order of the set; waivers are applied. */
  readonly results: readonly CheckResult[];
  readonly waivers: readonly WaiverReport[];
}

/** For a check that names none. Two minutes are a scanner's usual time, and five such checks end before HCP's ten-minute token. */
export const DEFAULT_TIMEOUT_MS = 2 * 60_000;

export async function runChecks(input: RunChecksInput): Promise<CheckRun> {
  const { set, plan, clock, onProgress } = input;
  const context: KindContext = {
    ...input,
    jobStartedAt: input.jobStartedAt ?? null,
    startWorker: input.startWorker ?? startWorkerFile,
    scriptProgram: input.scriptProgram ?? scriptProgramFile(),
  };
  const isExcepted = createExceptions(plan?.changes ?? []);
  const kinds = createOpenKinds(context, isExcepted);
  const frame: FindingFrame = {
    addresses: new Set([...(plan?.changes ?? []), ...(plan?.drift ?? [])].map((change) => change.address)),
    locate: createLocate({ ...input, workingDirectory: input.run.workspace_working_directory }),
    clean: createCleaner(input),
  };
  const results: CheckResult[] = [];
  try {
    for (const loaded of set.checks) {
      const check = loaded.spec;
      onProgress?.(results.length, set.checks.length, check.name);
      const startedAt = clock.now();
      const kind = KIND_NAMES.find((name) => check[name] !== undefined);
      const applicability = applicabilityOf(check.when, input);
      const outcome = applicability.kind === 'applies' ? await outcomeOf(loaded, kind, kinds, input) : errored(applicability.reason);
      results.push({
        check: check.name,
        kind: kind ?? 'unknown',
        enforcement: check.enforce,
        durationMs: Math.max(0, clock.now() - startedAt),
        ...(loaded.origin === null ? {} : { origin: loaded.origin }),
        ...(applicability.kind === 'excluded' ? notApplicable(applicability.reason) : toResult(outcome, check, frame, isExcepted)),
      });
    }
  } finally {
    await kinds.close();
  }
  const changing = (plan?.changes ?? []).filter(({ action }) => action !== 'no-op' && action !== 'read');
  return applyWaivers(results, set.waivers, {
    today: new Date(clock.now()).toISOString().slice(0, 10),
    changed: new Set(changing.map(({ address }) => address)),
    isExcepted,
  });
}

const notApplicable = (reason: string): Pick<CheckResult, 'status' | 'findings' | 'reason'> => ({
  status: 'not-applicable',
  findings: [],
  reason,
});

const errored = (reason: string): KindOutcome => ({ findings: [], reason });

async function outcomeOf(loaded: LoadedCheck, kind: KindName | undefined, kinds: OpenKinds, input: RunChecksInput): Promise<KindOutcome> {
  if (kind === undefined) return errored('This version knows no kind for this check. Use a version of the action that does');
  // Without a masker nothing that a check says could leave; better no check than a secret in a comment.
  if (input.plan !== null && input.masker === null)
    return errored('There is a plan but nothing that masks its secrets. This is a defect of the caller');
  try {
    return await withinTime(loaded.spec.timeout ?? DEFAULT_TIMEOUT_MS, input, (signal) => kinds.run(kind, loaded, signal, input));
  } catch (error) {
    if (error instanceof TimeIsUp) return errored(error.message);
    return errored(`The check broke: ${describeThrown(error)}`);
  }
}

interface OpenKinds {
  run(kind: KindName, loaded: LoadedCheck, signal: AbortSignal, input: RunChecksInput): Promise<KindOutcome>;
  close(): Promise<void>;
}

/** Each kind is opened when its first check comes, and closed at the end. */
function createOpenKinds(context: KindContext, isExcepted: IsExcepted): OpenKinds {
  const open = new Map<KindName, OpenKind<unknown>>();

  async function runKind(
    name: KindName,
    { spec: check, params, baseDir }: LoadedCheck,
    signal: AbortSignal,
    input: RunChecksInput,
  ): Promise<KindOutcome> {
    // The specification is taken by the kind's own name, so the two fit together; the table's type keeps it so.
    const kind: Kind<unknown> = CATALOGUE[name];
    const spec = check[name];
    if (input.plan === null && kind.needsPlan(spec)) return errored(needsPlan(input));
    const opened = open.get(name) ?? kind.open(context);
    open.set(name, opened);
    return opened.run({
      check,
      spec,
      params,
      baseDir,
      isExcepted: (address) => check.except !== undefined && isExcepted(check.except, address),
      explain: explainerOf(check, input),
      signal,
    });
  }

  return {
    run: runKind,
    async close() {
      // Temporary folders and threads: that one could not be removed changes no result.
      await Promise.allSettled([...open.values()].map((kind) => kind.close()));
    },
  };
}

function needsPlan({ planProblem, run }: RunChecksInput): string {
  const why = planProblem ?? 'it was not delivered';
  const remedy = run.stage === 'pre_plan' ? '. In pre_plan there is none yet: write `when: { stage: [post_plan, pre_apply] }`' : '';
  return `Needs the plan, and there is none: ${why.replace(/\.$/, '')}${remedy}`;
}

function explainerOf(check: CheckSpec, input: RunChecksInput): ((subject: string, saw: string) => void) | null {
  const { onExplain } = input;
  if (onExplain === undefined) return null;
  const clean = createCleaner(input);
  return (subject, saw) => onExplain(check.name, clean(subject, 500), clean(saw, MESSAGE_LENGTH));
}

/**
 * Masked as a whole first: half a secret, or one with a space in place of its line break, would not be recognised. And once more without
 * colours, which a tool may have put into the middle of one.
 */
function createCleaner({ masker }: RunChecksInput): Cleaner {
  const mask = (text: string): string => (masker === null ? withoutCredentials(text) : masker.text(text));
  return (text, limit) => {
    return cut(
      mask(stripVTControlCharacters(mask(text)))
        .replace(/\s+/g, ' ')
        .trim(),
      limit,
    );
  };
}

function toResult(
  outcome: KindOutcome,
  check: CheckSpec,
  frame: FindingFrame,
  isExcepted: IsExcepted,
): Pick<CheckResult, 'status' | 'findings' | 'reason'> {
  // Of an address that the plan does not have no exception speaks: a policy may have taken it from a value, which anybody can choose.
  const isAsked = ({ address }: FindingDraft): boolean =>
    check.except === undefined || typeof address !== 'string' || !frame.addresses.has(address) || !isExcepted(check.except, address);
  let findings: Finding[];
  let reason = outcome.reason;
  try {
    findings = worstFirst(outcome.findings.filter(isAsked).map((draft) => toFinding(draft, check, frame)));
    reason = reason === null ? null : frame.clean(reason, MESSAGE_LENGTH);
  } catch (error) {
    // The masker failed: what was to be said is withheld, and that alone is told.
    return {
      status: 'errored',
      findings: [],
      reason: `What the check found could not be masked and is withheld (${error instanceof Error ? error.name : 'unknown fault'})`,
    };
  }
  const failed = findings.some((finding) => finding.level === 'error');
  return { status: reason !== null ? 'errored' : failed ? 'failed' : 'passed', findings, reason };
}
