// A report's model as a section. A diff is worked out only while there is room for it: a plan of 100,000 changes is not, for a text that
// tells of 100.
import { cut } from '../../base/cut.ts';
import type { Masker } from '../../plan/masking.ts';
import type { Change, OutputChange } from '../../plan/model.ts';
import { diffLines } from '../diff-lines.ts';
import { headlineParts } from '../headline.ts';
import type { ReportModel } from '../model.ts';
import { isWithoutTask, stateOf } from '../run-state.ts';
import { countHidden, toView, type View } from '../view.ts';
import { countChecks, terraformLine } from '../words.ts';
import { brokenChecks, failedChecks, quietAsides, waiverAsides } from './checks.ts';
import type { Phrase, Section, WithBody } from './data.ts';
import { fillSection } from './fill.ts';
import { noticesOf } from './notices.ts';
import type { ItemOffer, Offer, PlanOffer } from './offer.ts';
import { conditionPhrase, deferredPhrase, invocationPhrase, driftPhrase } from './phrases.ts';
import { resourceOffer } from './resource.ts';

/** A job summary of 1 MiB is the longest text that is made of a section; its JSON takes a little more than the Markdown. */
const ROOM = 1_300_000;
/** So many resources are named at most: 1 MiB holds no more. */
const MAX_RESOURCES = 20_000;
/** Of outputs, drift and the like. */
const MAX_OTHERS = 2_000;
/** Of names that HCP and Terraform keep far shorter. */
const MAX_NAME = 200;
/** Longer addresses are made to fill a text, not to be followed. */
const MAX_URL = 2000;
const MAX_CONDITIONS = 100;
const MAX_PROBLEMS = 10;
const MAX_PROBLEM = 1000;
/** Sources of checks that are named; the rest is counted. */
const MAX_SOURCES = 5;

/** Comment, job summary and check run are made of one: working it out again takes seconds for a plan of 100,000 changes. */
const made = new WeakMap<ReportModel, Section>();

export function toSection(model: ReportModel): Section {
  const section = made.get(model) ?? fillSection(toOffer(model), ROOM);
  made.set(model, section);
  return section;
}

function toOffer(model: ReportModel): Offer {
  const { run, plan, masker, commit, verdict } = model;
  const view = toView(model);
  const name = (text: string): string => cut(text, MAX_NAME);
  return {
    version: 1,
    run: { stage: run.stage, enforcement: run.enforcement, speculative: run.speculative, withoutTask: isWithoutTask(run) },
    state: stateOf(model),
    commit: commit === null ? null : { sha: name(commit), url: usable(run.vcs.commit_url) },
    workflow: usable(model.workflowUrl),
    verdict: verdict === null ? null : verdict.status,
    isObserved: model.observe,
    headline: headlineParts(model, view),
    notices: noticesOf(model, view),
    checks: {
      counts: countChecks(model),
      failed: { items: failedChecks(model), more: 0 },
      broken: { items: brokenChecks(model), more: 0 },
    },
    conditions: toConditions(view),
    quiet: quietAsides(model),
    waivers: waiverAsides(model),
    plan: plan === null || masker === null ? null : toPlanOffer(view, masker, terraformLine(plan.counts)),
    sources: {
      items: model.sources
        .slice(0, MAX_SOURCES)
        .map(({ name: from, digest, checks }) => ({ name: name(from), digest: cut(digest, 64), checks })),
      more: Math.max(0, model.sources.length - MAX_SOURCES),
    },
    terraform: plan === null || plan.terraformVersion === null ? null : cut(plan.terraformVersion, 40),
  };
}

const usable = (url: string | null): string | null => (url === null || url.length > MAX_URL ? null : url);

function toConditions({ conditions: { told } }: View): Section['conditions'] {
  const items = told.slice(0, MAX_CONDITIONS).map((condition) => ({
    line: conditionPhrase(condition),
    problems: condition.problems.slice(0, MAX_PROBLEMS).map((problem) => cut(problem, MAX_PROBLEM)),
  }));
  return { items, more: told.length - items.length };
}

function toPlanOffer(view: View, masker: Masker, line: string): PlanOffer {
  const row = <T, V>(all: readonly T[], offer: (item: T) => ItemOffer<V>): { items: ItemOffer<V>[]; more: number } => {
    const shown = all.slice(0, MAX_OTHERS);
    return { items: shown.map(offer), more: all.length - shown.length };
  };
  const { now, deferred } = view.invocations;
  return {
    tally: Object.fromEntries(Object.entries(view.tally).filter(([, count]) => count > 0)),
    line,
    effect: view.effect?.sentence ?? null,
    resources: view.groups
      .flatMap(({ items }) => items)
      .slice(0, MAX_RESOURCES)
      .map((item) => resourceOffer(item, masker)),
    outputs: row(view.outputs, (output) => ({ line: () => outputLines(output, masker), full: null })),
    invocations: row([...now, ...deferred], (item) => withDiff(invocationPhrase(item), item.invocation.config, masker)),
    deferred: row(view.deferred, (one) => ({ line: () => deferredPhrase(one), full: null })),
    drift: row(view.drift, (item) => withDiff(driftPhrase(item), item.change, masker)),
    otherDrift: view.otherDrift.length,
    hidden: countHidden(view, masker),
  };
}

function outputLines(output: OutputChange, masker: Masker): string[] {
  const lines = diffLines(output, masker, output.name);
  // An action of a later Terraform that changes nothing we know of.
  return lines.length > 0 ? lines : [`  ${output.name}  # ${cut(output.actions.join(', '), MAX_NAME)}`];
}

const withDiff = (line: Phrase, change: Change, masker: Masker): ItemOffer<WithBody> => ({
  line: () => ({ line }),
  full: () => ({ line, body: diffLines(change, masker) }),
});
