// The three pull requests of the demo, the workspaces that each of them plans, and what must come of it for the demo to be a success.
import type { Scenario } from './make-plans.ts';

export interface WorkspacePlay {
  readonly workspace: string;
  readonly scenario: Scenario;
  readonly expected: 'passed' | 'failed';
}

export interface ScenarioPlay {
  /** The folder in which the visitor finds what came of it. */
  readonly folder: string;
  readonly title: string;
  /** What there is to see in the comment, for the list of where to look. */
  readonly see: string;
  readonly pullRequest: { readonly number: number; readonly title: string; readonly branch: string };
  /** More than one are planned at the same time, as HCP Terraform does it: they share the comment. */
  readonly workspaces: readonly WorkspacePlay[];
  /** Text that the comment must hold for the runs to have ended as they should. */
  readonly commentSays: readonly RegExp[];
}

export const PLAYS: readonly ScenarioPlay[] = [
  {
    folder: '1-release',
    title: 'Pull request 1 of 3: a release. Nothing is lost, so it passes',
    see: 'a plan that passes',
    pullRequest: { number: 1, title: 'Release 4.2.0 of web, add a worker', branch: 'release-4.2' },
    workspaces: [{ workspace: 'shop-prod', scenario: 'passes', expected: 'passed' }],
    commentSays: [/passed/i],
  },
  {
    folder: '2-three-workspaces',
    title: 'Pull request 2 of 3: three workspaces at once, one comment. In one of them the database would be replaced: it must fail',
    see: 'one comment for three workspaces; in one of them the database would be replaced',
    pullRequest: { number: 2, title: 'Release 4.2.0 in dev and staging, the database of production to 16', branch: 'database-16' },
    workspaces: [
      { workspace: 'shop-dev', scenario: 'passes', expected: 'passed' },
      { workspace: 'shop-prod', scenario: 'fails', expected: 'failed' },
      { workspace: 'shop-stg', scenario: 'passes', expected: 'passed' },
    ],
    commentSays: [/1 of 3 workspaces failed/, /terraform_data\.database/, /CAUTION/, /<b>shop-prod<\/b>/, /<b>shop-dev, shop-stg<\/b>/],
  },
  {
    folder: '3-secrets',
    title: 'Pull request 3 of 3: two secrets change, and stand unmarked elsewhere in the plan. They must not be seen anywhere',
    see: 'two secrets that nobody can read',
    pullRequest: { number: 3, title: 'Rotate the passwords', branch: 'rotate' },
    workspaces: [{ workspace: 'shop-prod', scenario: 'secrets', expected: 'passed' }],
    commentSays: [/sensitive/i],
  },
];

/** Every workspace that a pull request of the demo plans, once. */
export const WORKSPACES: readonly string[] = [...new Set(PLAYS.flatMap(({ workspaces }) => workspaces.map((one) => one.workspace)))];
