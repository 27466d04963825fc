// The beginning and the end of a workspace's part: what stops the run, the run's facts, what is destroyed and replaced; what is hidden.
import type { Masker } from '../../plan/masking.ts';
import type { ReportModel } from '../model.ts';
import { isWithoutTask, stateOf, stateWords } from '../run-state.ts';
import { noticesOf } from '../section/notices.ts';
import { whyPhrase } from '../section/phrases.ts';
import type { View } from '../view.ts';
import { GROUP_WORDS, plural, terraformLine } from '../words.ts';
import { code, joined, link, markup, NOTHING, phrase, prose, type Html } from './markup.ts';
import type { Outline } from './outline.ts';
import { itemMarkOf } from './resource-words.ts';

/** Passed although a check failed (observed only, or all that failed is advisory) is a tone of its own. */
export function toneOf({ verdict, results }: ReportModel): 'good' | 'warn' | 'bad' | 'plain' {
  if (verdict === null) return 'plain';
  if (verdict.status !== 'passed') return 'bad';
  return results.some(({ status }) => status === 'failed' || status === 'errored') ? 'warn' : 'good';
}

export function noticesBox(model: ReportModel, view: View): Html {
  const lines = noticesOf(model, view);
  if (lines.length === 0) return NOTHING;
  return markup`<div class="box warn" role="note" aria-label="Warning">${lines.map((line) => markup`<p>${phrase(line)}</p>`)}</div>`;
}

/** The rest stands below, one by one. */
const MAX_CAUTION = 50;

export function cautionBox(view: View, masker: Masker, outline: Outline): Html {
  const groups = view.groups.filter(({ name }) => name === 'destroy' || name === 'replace');
  if (groups.length === 0) return NOTHING;
  const title = groups.map(({ name, items }) => markup`<a href="#${outline.id(name)}">${items.length} ${GROUP_WORDS[name].toDo}</a>`);
  const items = groups.flatMap((group) => group.items);
  const shown = items.slice(0, MAX_CAUTION).map((item) => {
    const why = whyPhrase(item, masker);
    return markup`<li>${itemMarkOf(item)} ${code(item.address)}${why === null ? NOTHING : markup` — ${phrase(why)}`}</li>`;
  });
  const more = items.length > shown.length ? markup`<li>… and ${items.length - shown.length} more, below</li>` : NOTHING;
  return markup`<div class="box bad" role="note" aria-label="Caution"><p><b>${joined(title, ', ')}</b></p><ul>${shown}${more}</ul></div>`;
}

export function factsTable(model: ReportModel): Html {
  const { run, plan, commit, workflowUrl } = model;
  const state = stateWords(stateOf(model));
  const address = (url: string): Html => link(markup`${url}`, url);
  const rows: readonly (readonly [string, Html | null])[] = [
    ['Workspace', markup`${run.organization} / ${link(markup`${run.workspace}`, run.workspace_url)}`],
    ['Project', run.project ? markup`${run.project}` : null],
    ['Run', isWithoutTask(run) ? null : link(code(run.run_id), run.run_url)],
    [
      'Stage',
      isWithoutTask(run) ? null : markup`${run.stage.replaceAll('_', '-')}, ${run.enforcement}${run.speculative ? ', speculative' : ''}`,
    ],
    ['Verdict', model.verdict === null ? null : markup`<b>${model.verdict.status}</b>: ${prose(model.verdict.message)}`],
    ['State', state === '' ? null : markup`${state}`],
    ['Plan', plan === null ? null : markup`${terraformLine(plan.counts)}`],
    ['Message', run.run_message === '' ? null : markup`${run.run_message}`],
    ['Created', created(model)],
    ['Commit', commit === null ? null : link(code(commit), run.vcs.commit_url)],
    ['Pull request', run.vcs.pull_request_url === null ? null : address(run.vcs.pull_request_url)],
    ['Working directory', run.workspace_working_directory === '' ? null : code(run.workspace_working_directory)],
    ['Terraform', plan?.terraformVersion ? markup`${plan.terraformVersion}` : null],
    ['Workflow run', workflowUrl === null ? null : address(workflowUrl)],
  ];
  return markup`<dl class="facts">${rows.flatMap(([name, value]) => (value === null ? [] : [markup`<dt>${name}</dt><dd>${value}</dd>`]))}</dl>`;
}

function created({ run }: ReportModel): Html | null {
  if (run.run_created_at === '') return null;
  return markup`<time>${run.run_created_at}</time>${run.run_created_by === null ? '' : ` by ${run.run_created_by}`}`;
}

/** What applying a plan that changes no resource comes to. */
export const effectText = ({ effect }: View): Html => (effect === null ? NOTHING : markup`<p>${effect.sentence}</p>`);

export function hiddenText({ hidden, withheld }: Outline): Html {
  const marked = markup`<li>${plural(hidden, 'value')} that Terraform marks as sensitive, or that ${hidden === 1 ? 'repeats' : 'repeat'} one, shown as <code>(sensitive value)</code>.</li>`;
  const credentials = markup`<li>${plural(withheld, 'value')} that nobody marked and that ${withheld === 1 ? 'looks like a credential' : 'look like credentials'}, shown as <code>(withheld: …)</code>. Mark them as sensitive where they come from; renew them if they are real.</li>`;
  return markup`<ul>${hidden > 0 ? marked : NOTHING}${withheld > 0 ? credentials : NOTHING}</ul><p>Nothing of them is in this file. Whether a hidden value changes is told.</p>`;
}
