// The beginning and the end of a report in Markdown: verdict, what is wrong with it, which run it is about, what is lost; the footer.
import { cut } from '../base/cut.ts';
import type { Masker } from '../plan/masking.ts';
import { MARKDOWN } from './dialect.ts';
import { code, link, oneLine, prose } from './escape.ts';
import type { ReportModel } from './model.ts';
import { whyWords } from './resource-blocks.ts';
import { countHidden, type View } from './view.ts';
import { isMissed, waiverTrouble } from './waiver-words.ts';
import { checkWords, countChecks, deciderWords, GROUP_WORDS, isExplained, plural, terraformLine } from './words.ts';

/** A caution names so many, in so many characters; the rest follows below, one by one. */
const MAX_CAUTION = 20;
const MAX_CAUTION_LENGTH = 20_000;
/** Of names that HCP and Terraform keep far shorter. */
const MAX_NAME = 200;
/** Waivers and sources of checks that are named; the rest is counted. */
const MAX_NAMED = 5;

/**
 * Cut as it will be shown: an invisible character becomes ten visible ones, and nothing of this section is left out for length. Without
 * this the names of a few hostile resources would make a comment that GitHub refuses.
 */
const brief = (text: string, max: number): string => cut(oneLine(text), max);

/** Verdict and counts in plain text: what a mail or a chat shows. */
export function headline(model: ReportModel, view: View): string {
  const verdict = isExplained(model) ? checkWords(countChecks(model)) : (model.verdict?.status ?? '');
  const plan = model.plan === null ? (model.planProblem === null ? '' : 'no plan') : view.words;
  return [model.observe ? `observed only, ${verdict}` : verdict, plan].filter((part) => part !== '').join(' · ');
}

export const heading = (model: ReportModel, view: View): string =>
  `### ${verdictSign(model)} ${prose(brief(model.run.workspace, MAX_NAME))}: ${headline(model, view)}`;

function verdictSign(model: ReportModel): string {
  if (model.verdict === null) return '📋';
  // Passed although a check failed: observed only, or all that failed is advisory.
  if (model.verdict.status === 'passed') return hasFailures(model) ? '⚠️' : '✅';
  return '❌';
}

const hasFailures = (model: ReportModel): boolean => model.results.some((r) => r.status === 'failed' || r.status === 'errored');

/** Whatever makes the verdict another one than the checks', or keeps it from HCP Terraform. One alert: they must not follow each other. */
export function troubles(model: ReportModel): string {
  const lines: string[] = [];
  const decider = deciderWords(model);
  if (model.verdict !== null) {
    const message = prose(brief(model.verdict.message, 1000));
    if (decider !== null) lines.push(`**${decider}** (on record: ${model.verdict.status}). ${message}`);
    else if (!isExplained(model)) lines.push(message);
  }
  if (model.planProblem !== null && decider === null) lines.push(`**There is no plan to show.** ${prose(brief(model.planProblem, 1000))}`);
  if (model.observe) lines.push('**Observed only.** The route does not enforce: the verdict on record is passed, whatever the checks say.');
  if (model.delivery?.state === 'undeliverable') {
    lines.push(`**HCP Terraform did not take this verdict.** ${prose(brief(model.delivery.reason ?? 'No reason was given.', 500))}`);
  } else if (model.delivery?.state === 'pending') {
    const reason = model.delivery.reason === undefined ? '' : ` ${prose(brief(model.delivery.reason, 500))}`;
    lines.push(`**HCP Terraform does not have this verdict yet.** The relay keeps sending it.${reason}`);
  }
  lines.push(...missedWaivers(model));
  if (model.plan?.errored === true) lines.push('**The plan is incomplete**: Terraform met an error while it planned.');
  else if (model.plan?.complete === false)
    lines.push('**The plan is partial**: it was targeted or has deferred changes; another run must follow.');
  return lines.length === 0 ? '' : `> [!WARNING]\n${lines.map((line) => `> ${line}`).join('\n>\n')}`;
}

function missedWaivers({ waivers }: ReportModel): string[] {
  const missed = waivers.filter(isMissed);
  const lines = missed.slice(0, MAX_NAMED).map((report) => prose(brief(waiverTrouble(report) ?? '', 1000)));
  const more = missed.length - lines.length;
  return more > 0 ? [...lines, `… and ${plural(more, 'more waiver')} without effect.`] : lines;
}

export function context(model: ReportModel): string {
  const { run } = model;
  const parts = [
    link(code(brief(run.run_id, MAX_NAME)), run.run_url),
    run.stage.replaceAll('_', '-'),
    run.enforcement,
    ...(run.speculative ? ['speculative'] : []),
    ...(model.plan === null ? [] : [terraformLine(model.plan.counts)]),
  ];
  return parts.join(' · ');
}

export function caution(view: View, masker: Masker | null): string {
  const items = view.groups.filter(({ name }) => name === 'destroy' || name === 'replace').flatMap((group) => group.items);
  if (items.length === 0) return '';
  const { destroy, replace } = view.tally;
  const title = [
    ...(destroy > 0 ? [`Destroys ${plural(destroy, 'resource')}`] : []),
    ...(replace > 0 ? [`${destroy > 0 ? 'replaces' : 'Replaces'} ${plural(replace, 'resource')}`] : []),
  ].join(', ');
  const all = items.slice(0, MAX_CAUTION).map((item) => {
    const why = masker === null ? '' : whyWords(item, masker, MARKDOWN);
    return `> - ${GROUP_WORDS[item.group].sign} ${code(brief(item.address, 500))}${why === '' ? '' : ` — ${why}`}`;
  });
  let length = 0;
  const lines = all.filter((line) => (length += line.length) <= MAX_CAUTION_LENGTH);
  if (items.length > lines.length) lines.push(`> - … and ${items.length - lines.length} more`);
  return `> [!CAUTION]\n> **${title}**\n>\n${lines.join('\n')}`;
}

export function footer(model: ReportModel, view: View): string {
  const { run, plan, masker } = model;
  const hidden = masker === null ? 0 : countHidden(view, masker);
  const sha = model.commit;
  const sources = model.sources.slice(0, MAX_NAMED).map(({ name, digest, checks }) => {
    // Twelve digits are enough to compare by eye; the file of findings has all.
    return `${plural(checks, 'check')} from ${code(brief(name, MAX_NAME))} (sha256 ${code(digest.slice(0, 12))})`;
  });
  const parts = [
    ...sources,
    ...(model.sources.length > sources.length ? [`${plural(model.sources.length - sources.length, 'more source')} of checks`] : []),
    ...(sha === null ? [] : [`commit ${link(code(sha.slice(0, 12)), run.vcs.commit_url)}`]),
    ...(model.workflowUrl === null ? [] : [link('workflow run', model.workflowUrl)]),
    ...(plan?.terraformVersion ? [`Terraform ${prose(brief(plan.terraformVersion, 40))}`] : []),
    ...(hidden > 0 ? [`${plural(hidden, 'sensitive value')} hidden`] : []),
    'runtask',
  ];
  return `<sub>${parts.join(' · ')}</sub>`;
}
