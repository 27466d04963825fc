// What a plan tells beside its resources: conditions, outputs, actions to invoke, what is deferred, what changed outside of Terraform.
import type { Masker } from '../../plan/masking.ts';
import { diffLines } from '../diff-lines.ts';
import { WHOLE } from '../diff-values.ts';
import type { InvocationItem } from '../invocations-view.ts';
import { conditionPhrase, driftPhrase, invocationPhrase } from '../section/phrases.ts';
import type { Item, View } from '../view.ts';
import { diff, markup, phrase, prose, type Html } from './markup.ts';
import { itemMarkOf, resourceWords } from './resource-words.ts';

export interface Part {
  /** Of its anchor. */
  readonly name: string;
  readonly title: string;
  readonly count: (view: View) => number;
  /** Items of a list, each made when it is its turn. */
  readonly items: (view: View, masker: Masker) => Generator<() => Html>;
}

/** Told before the resources: what stands here is what the configuration's authors asked for. */
export const CONDITIONS: Part = {
  name: 'conditions',
  title: 'Conditions of the configuration',
  count: ({ conditions }) => Object.values(conditions.tally).reduce((sum, one) => sum + one, 0),
  *items({ conditions }) {
    for (const condition of conditions.told) {
      const problems = condition.problems.map((problem) => markup`<br>${prose(problem)}`);
      yield () => markup`<li>${phrase(conditionPhrase(condition))}${problems}</li>`;
    }
    const { pass, unknown } = conditions.tally;
    const rest = [...(pass > 0 ? [`${pass} passed`] : []), ...(unknown > 0 ? [`${unknown} known only after apply`] : [])];
    if (rest.length > 0) yield () => markup`<li>${rest.join(', ')}</li>`;
  },
};

/** Told after the resources, in this order. */
export const PARTS: readonly Part[] = [
  {
    name: 'outputs',
    title: 'Outputs',
    count: (view) => view.outputs.length,
    *items({ outputs }, masker) {
      for (const output of outputs) yield () => markup`<li>${diff(diffLines(output, masker, output.name, WHOLE))}</li>`;
    },
  },
  {
    name: 'invocations',
    title: 'Actions to invoke',
    count: (view) => view.invocations.now.length,
    *items({ invocations }, masker) {
      for (const item of invocations.now) yield () => invocation(item, masker);
    },
  },
  {
    name: 'deferred',
    title: 'Deferred to a later run',
    count: (view) => view.deferred.length + view.invocations.deferred.length,
    *items({ deferred, invocations }, masker) {
      for (const { item, reason } of deferred)
        yield () =>
          withDiff(
            markup`${itemMarkOf(item)} ${resourceWords(item, masker)} · ${prose(reason)}`,
            diffLines(item.change, masker, '', WHOLE),
          );
      for (const item of invocations.deferred) yield () => invocation(item, masker);
    },
  },
  {
    name: 'drift',
    title: 'Changed outside of Terraform',
    count: (view) => view.drift.length,
    *items({ drift }, masker) {
      for (const item of drift) yield () => drifted(item, masker);
    },
  },
  {
    name: 'other-drift',
    title: 'Changed outside of Terraform, without effect on this plan',
    count: (view) => view.otherDrift.length,
    *items({ otherDrift }, masker) {
      for (const item of otherDrift) yield () => drifted(item, masker);
    },
  },
];

const drifted = (item: Item, masker: Masker): Html =>
  withDiff(markup`${itemMarkOf(item)} ${phrase(driftPhrase(item))}`, diffLines(item.change, masker, '', WHOLE));

const invocation = (item: InvocationItem, masker: Masker): Html =>
  withDiff(phrase(invocationPhrase(item)), diffLines(item.invocation.config, masker, '', WHOLE));

const withDiff = (title: Html, lines: readonly string[]): Html =>
  lines.length === 0 ? markup`<li>${title}</li>` : markup`<li><details><summary>${title}</summary>${diff(lines)}</details></li>`;
