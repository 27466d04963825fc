// The main step: open the run task, get the plan and the configuration, run the checks, send the verdict, then tell people.
// `phase: begin` stops before the checks and leaves the plan to the steps that follow; `phase: finish` is the whole once more, with
// a plan and a configuration of its own: what lay on the disk meanwhile could have been changed by anybody.
//
// The verdict comes first and everything after it can only be missing, never change it. Whatever breaks on the way to it (a
// download, a check, this code, a cancelled job) becomes a `failed` verdict with its reason.
import { mkdir } from 'node:fs/promises';
import { describeThrown, Fault } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { RecordedVerdict } from '../contracts/relay-api.ts';
import { whyIncomplete } from '../plan/incomplete.ts';
import { withoutCredentials } from '../plan/masking.ts';
import { readPayload } from './event.ts';
import { tellPeople } from './feedback.ts';
import { fetchMaterial, type Material } from './material.ts';
import { readInputs, type InputsReading } from './inputs.ts';
import { judge, type Judgement } from './judge.ts';
import { readJob, workFolder, type Job } from './job.ts';
import { enter, jobFolder, readUses, type Use } from './job-folder.ts';
import { stopKeepAlive } from './keep-alive.ts';
import { openSession, type World } from './open-session.ts';
import { hasPhase, whyNotOne } from './phases.ts';
import { judgePlanFile } from './plan-file.ts';
import { writeMaterialOutputs } from './plan-outputs.ts';
import { newUse } from './pre.ts';
import { completeRunFacts } from './run-facts.ts';
import type { Finished, RunTaskSession } from './session.ts';
import { watchSignals } from './signals.ts';

/** How long a relay may take to answer the claim: a restart, a deployment. The run task waits on its side meanwhile. */
const PATIENCE_MS = 4 * 60_000;
/** What is left before the deadline when the checks are ended: for the verdict and its tries. */
const RESERVE_MS = 30_000;

export async function runMain(world: World): Promise<void> {
  const { runner } = world;
  const use = runner.state('use') || newUse();
  runner.saveState('use', use);
  runner.saveState('main', 'started');
  const reading = readInputs(world.env);
  if (reading.inputs.hcpToken !== null) runner.mask(reading.inputs.hcpToken);
  const job = readJob(world.env);
  if (job.ok && reading.planFile !== null) {
    await judgePlanFile({ ...reading.planFile, inputs: reading.inputs, problems: reading.problems, job: job.value, use }, world);
    return;
  }
  if (!job.ok || reading.transport === null) {
    runner.fail([...(job.ok ? [] : [job.error]), ...reading.problems].join('\n'));
    return;
  }
  const stop = new AbortController();
  const signals = watchSignals((signal) =>
    stop.abort(new Error(`The job was canceled (${signal}) before the checks had ended. Start the run again in HCP Terraform.`)),
  );
  try {
    const step = { reading, job: job.value, use, world };
    const opened = await open(step, stop);
    if (!opened.ok) runner.fail(opened.error);
    else await answer(opened.value, step, stop);
  } catch (thrown) {
    // Only what happened before there was a session, or after the verdict, ends here.
    runner.fail(describeThrown(thrown));
  } finally {
    signals.stop();
  }
}

interface Step {
  readonly reading: InputsReading;
  readonly job: Job;
  readonly use: string;
  readonly world: World;
}

interface Opened {
  readonly session: RunTaskSession;
  /** The steps of this job that answer the same run task. */
  readonly uses: readonly Use[];
}

async function open({ reading, job, use, world }: Step, stop: AbortController): Promise<Result<Opened, string>> {
  const payload = await readPayload(job);
  if (!payload.ok || reading.transport === null) return err(payload.ok ? '' : payload.error);
  const { phase } = reading.inputs;
  const folder = jobFolder(job, payload.value.id);
  await enter(folder, { use, phase });
  // From here on this process speaks.
  await stopKeepAlive(folder);
  const onVerdict = (verdict: RecordedVerdict): void => stop.abort(new Error(`The relay has decided already: ${verdict.message}`));
  const opened = await openSession(
    { transport: reading.transport, payload: payload.value, use, phase, process: 'main', job, patienceMs: PATIENCE_MS, onVerdict },
    world,
  );
  return opened.ok ? ok({ session: opened.value, uses: await readUses(folder) }) : err(opened.error);
}

async function answer({ session, uses }: Opened, step: Step, stop: AbortController): Promise<void> {
  const { reading, job, use, world } = step;
  const { runner, clock } = world;
  try {
    if (session.finished !== null) {
      showEarlierVerdict(session.finished, world);
      return;
    }
    if (reading.inputs.phase === 'finish' && !hasPhase(uses, 'begin'))
      runner.warning('`phase: finish` without `phase: begin` in this job: it works as `phase: all`, which says it plainer.');
    const folder = workFolder(job, use);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const cancelLimit = clock.after(session.deadline - RESERVE_MS - clock.now(), () =>
      stop.abort(
        new Error('The checks did not end before HCP Terraform stops waiting. Give them a `timeout`, or raise `token_life` on the relay.'),
      ),
    );
    const { judgement, material } = await work({ session, uses }, step, folder, stop.signal).finally(cancelLimit);
    if (judgement === null) {
      await handOn(session, material, step, folder);
      return;
    }
    const finished = await session.finish(judgement.result);
    runner.saveState('main', 'finished');
    report(finished, world);
    await tellPeople({ session, judgement, material, finished, inputs: reading.inputs, job, folder }, world);
    if (finished.verdict.status === 'failed' && reading.inputs.failJob === 'on-failed') runner.fail(finished.verdict.message);
  } finally {
    await session.close();
  }
}

/** The end of `phase: begin`: the steps that follow have the plan, and none of our processes lives. */
async function handOn(session: RunTaskSession, material: Material, { reading, world }: Step, folder: string): Promise<void> {
  const { runner } = world;
  await writeMaterialOutputs({ material, rawPlan: reading.inputs.rawPlan, folder }, runner);
  await session.progress('The plan is fetched. Other steps of the workflow are at work on it.');
  try {
    await session.handOn();
  } catch (thrown) {
    runner.warning(`The run task may be taken for lost while the next steps are at work: ${describeThrown(thrown)}.`);
  }
  runner.saveState('main', 'begun');
  runner.info('The next steps have the plan. The step with `phase: finish` judges.');
}

/** Never throws: what goes wrong here is the verdict. Null: there is none yet, and `phase: finish` gives it. */
async function work(
  { session, uses }: Opened,
  { reading, job, world }: Step,
  folder: string,
  signal: AbortSignal,
): Promise<{ judgement: Judgement | null; material: Material }> {
  const none: Material = {
    plan: null,
    masker: null,
    planPath: null,
    planProblem: null,
    configurationDir: null,
    configurationProblem: null,
  };
  const { inputs } = reading;
  let base = { session, job, world };
  const problems = [...reading.problems, whyNotOne(uses)].filter((problem) => problem !== null);
  if (problems.length > 0) return { judgement: judge.withoutChecks(base, none, problems.join('; ')), material: none };
  let material = none;
  try {
    // Raced against the signal: a check that ignores its abort must not hold up the verdict of a cancelled job.
    material = await orAbort(fetchMaterial(session, folder, world), signal);
    if (inputs.phase === 'begin') {
      // What no check could mend is said now: the steps between would work for nothing.
      const problem = material.planProblem ?? whyIncomplete(material.plan);
      return { judgement: problem === null ? null : judge.withoutChecks(base, material, problem), material };
    }
    base = { ...base, session: { ...session, run: await orAbort(completeRunFacts(session.run, inputs, world), signal) } };
    const judgement = await orAbort(judge.byChecks(base, material, inputs, signal), signal);
    return { judgement, material };
  } catch (thrown) {
    const told = describeThrown(signal.aborted ? signal.reason : thrown);
    // Whatever threw may have had a value of the plan in its hand.
    const reason = material.masker?.text(told) ?? withoutCredentials(told);
    return {
      judgement: judge.withoutChecks(base, material, signal.aborted || thrown instanceof Fault ? reason : asDefect(reason)),
      material,
    };
  }
}

const asDefect = (text: string): string => `The action itself failed: ${text}. This is a defect; please report it.`;

function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function report(finished: Finished, { runner }: World): void {
  const { verdict, delivery } = finished;
  const text = `Verdict on record: ${verdict.status} (${verdict.decided_by}). ${verdict.message}`;
  // On the log it is information: the job is green when a verdict was delivered, whatever it says.
  if (verdict.status === 'passed') runner.notice(text);
  else runner.warning(text);
  if (delivery.state === 'undeliverable')
    runner.fail(`The verdict could not be delivered to HCP Terraform: ${delivery.reason ?? 'no reason given'}`);
  if (delivery.state === 'pending')
    runner.warning(`HCP Terraform has not taken the verdict yet; the relay goes on trying. ${delivery.reason ?? ''}`.trim());
  if (!finished.accepted && delivery.state !== 'undeliverable') runner.fail('The verdict on record is not the one of this job.');
}

/** A re-run after the end, a second use, or a relay that had to decide without us. */
function showEarlierVerdict(finished: Finished, { runner }: World): void {
  const text = `There is a verdict on record already: ${finished.verdict.status} (${finished.verdict.decided_by}). ${finished.verdict.message}`;
  runner.saveState('main', 'finished');
  runner.output('result', finished.verdict.status);
  if (finished.verdict.decided_by === 'action')
    runner.notice(`${text} HCP Terraform takes one result for each run task; start a new run there.`);
  else runner.fail(text);
}
