// The three runs of the demo, and what must come of each for the demo to be a success.
import type { Scenario } from './make-plans.ts';

export interface ScenarioPlay {
  readonly scenario: Scenario;
  readonly title: string;
  readonly pullRequest: { readonly number: number; readonly title: string; readonly branch: string };
  readonly expected: 'passed' | 'failed';
  /** Text that the comment must hold for the run to have ended as it should. */
  readonly commentSays: readonly RegExp[];
}

export const PLAYS: readonly ScenarioPlay[] = [
  {
    scenario: 'passes',
    title: 'Run 1 of 3: a release. Nothing is lost, so it passes',
    pullRequest: { number: 1, title: 'Release 4.2.0 of web, add a worker', branch: 'release-4.2' },
    expected: 'passed',
    commentSays: [/passed/i],
  },
  {
    scenario: 'fails',
    title: 'Run 2 of 3: a version bump that replaces the database. It must fail',
    pullRequest: { number: 2, title: 'Bump the database to 16', branch: 'database-16' },
    expected: 'failed',
    commentSays: [/failed/i, /terraform_data\.database/, /CAUTION/],
  },
  {
    scenario: 'secrets',
    title: 'Run 3 of 3: two secrets change, and stand unmarked elsewhere in the plan. They must not be seen anywhere',
    pullRequest: { number: 3, title: 'Rotate the passwords', branch: 'rotate' },
    expected: 'passed',
    commentSays: [/sensitive/i],
  },
];
