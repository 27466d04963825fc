// The workflow that answers run tasks, as a file of a repository: generated, brought by a commit or by a pull request. Its text is in
// workflow-file/text.ts, how it gets there in workflow-file/place.ts, what may be in the way in workflow-file/review.ts.
import { SettingsFault } from '../../github/settings/index.ts';
import { aboutChange, type Problem } from '../engine/problem.ts';
import type { ResourceContext } from '../engine/resource.ts';
import {
  bool,
  computed,
  map,
  optional,
  required,
  string,
  withDefault,
  type ConfigOf,
  type PlannedOf,
  type StateOf,
} from '../engine/schema.ts';
import { resource, type Clients } from './clients.ts';
import { checkRepository, isRepository, told, unlessArchived } from './repository-names.ts';
import { bringWorkflow, readStanding, takeWorkflowAway, type Place } from './workflow-file/place.ts';
import { reviewWorkflow } from './workflow-file/review.ts';
import { DEFAULTS, isMarked, readWorkflowWords, renderWorkflow } from './workflow-file/text.ts';
import {
  checkAction,
  checkEventType,
  checkInputs,
  checkPath,
  checkRelayUrl,
  checkRunsOn,
  checkVersionComment,
  checkVia,
  warnOfBranch,
} from './workflow-file/words.ts';

const schema = {
  repository: required(string, { description: 'The repository, `OWNER/REPO`.', replace: true, validate: checkRepository }),
  path: required(string, { description: 'The file: `.github/workflows/run-task.yml`.', replace: true, validate: checkPath }),
  action: required(string, { description: 'The action, by version (`org/runtask-action@v1`) or by commit.', validate: checkAction }),
  version_comment: optional(string, {
    description: 'Which version the commit of `action` is: a comment that people and Dependabot read.',
    validate: checkVersionComment,
  }),
  checkout: withDefault(string, DEFAULTS.checkout, { description: 'The action that checks the checks out.', validate: checkAction }),
  via: withDefault(string, 'commit', {
    description: '`commit`: straight to the default branch. `pull_request`: where rules forbid that; it takes effect when it is merged.',
    remembered: true,
    validate: checkVia,
  }),
  relay_url: optional(string, {
    description: 'The relay. Without it the workflow reads the repository variable `RUNTASK_RELAY_URL`.',
    validate: checkRelayUrl,
  }),
  inputs: withDefault(
    map(string),
    {},
    { description: "More inputs of the action, as in the action's documentation.", validate: checkInputs },
  ),
  runs_on: withDefault(string, DEFAULTS.runsOn, { description: 'The label of the runner.', validate: checkRunsOn }),
  event_type: withDefault(string, DEFAULTS.eventType, {
    description: 'The event that the relay sends, as in relay.yml.',
    validate: checkEventType,
  }),
  branch: computed(string, { description: 'The default branch, where GitHub looks for the workflow.' }),
  content: computed(string, {
    description: 'The whole file; while a pull request is open, as it would leave it. Empty when it takes the file away.',
  }),
  pull_request: computed(string, { description: 'The URL of the open pull request that brings it; empty: none is open.' }),
  in_effect: computed(bool, { description: 'Is the file on the default branch as it should be?' }),
};
type WorkflowSchema = typeof schema;
type Context = ResourceContext<Clients>;

const settingsOf = (repository: string, context: Context) => context.clients.github.repository(repository, context);
const talk = <T>(run: () => Promise<T>): Promise<T> => told({ rules: ['via'], conflict: ['path'], refused: ['path'] }, run);

async function look(key: { readonly repository: string; readonly path: string }, via: string | null, context: Context) {
  const { repository, path } = key;
  const { branch, file, pull, proposed } = await readStanding({
    settings: settingsOf(repository, context),
    path,
    via: via ?? 'commit',
  });
  if (file === null && pull === null) return null;
  const shown = pull === null ? file : proposed;
  // The pull request as somebody else left it, with no file on either side: the file is not there.
  if (shown === null && file === null) return null;
  const words = readWorkflowWords(shown?.text ?? '');
  const state = {
    repository,
    path,
    action: words.action,
    version_comment: words.versionComment,
    checkout: words.checkout,
    via: via ?? (pull === null ? 'commit' : 'pull_request'),
    relay_url: words.relayUrl,
    inputs: words.inputs,
    runs_on: words.runsOn,
    event_type: words.eventType,
    branch,
    content: shown?.text ?? null,
    pull_request: pull?.url ?? null,
    in_effect: file !== null && file.text === shown?.text,
  };
  return { state, managed: managedBy(file?.text ?? proposed?.text ?? '', pull !== null) };
}

/**
 * The mark says whose it is. A pull request from our branch does not: whoever may push can open one, and would make somebody else's workflow
 * ours, to be deleted by the next destroy. While one is open a file without the mark may be about to be taken over: the driver knows.
 */
const managedBy = (text: string, isProposed: boolean): boolean | null => isMarked(text) || (isProposed ? null : false);

const textOf = (config: ConfigOf<WorkflowSchema> | PlannedOf<WorkflowSchema>): string =>
  renderWorkflow({
    action: config.action,
    versionComment: config.version_comment,
    checkout: config.checkout,
    relayUrl: config.relay_url,
    inputs: config.inputs,
    runsOn: config.runs_on,
    eventType: config.event_type,
  });

async function bring(planned: PlannedOf<WorkflowSchema>, context: Context) {
  const settings = settingsOf(planned.repository, context);
  const content = textOf(planned);
  const { pull, inEffect } = await bringWorkflow(placeOf(planned, settings), content);
  const { defaultBranch } = await settings.facts();
  return { ...planned, branch: defaultBranch, content, pull_request: pull?.url ?? null, in_effect: inEffect };
}

/** undefined: the repository is not there. Terraform may be about to make it; whoever plans without it is told by find and review. */
async function branchIfThere(settings: Place['settings']): Promise<string | undefined> {
  try {
    return (await settings.facts()).defaultBranch;
  } catch (thrown) {
    if (thrown instanceof SettingsFault && thrown.reason === 'not-found') return undefined;
    throw thrown;
  }
}

const placeOf = ({ path, via }: { readonly path: string; readonly via: string }, settings: Place['settings']): Place => ({
  settings,
  path,
  via,
});

export const repositoryWorkflow = resource({
  name: 'repository_workflow',
  description: 'The GitHub Actions workflow that answers run tasks, as a file on the default branch of a repository.',
  schema,
  key: ['repository', 'path'],
  import: {
    form: 'OWNER/REPO:PATH',
    toKey(id) {
      const at = id.indexOf(':');
      const key = { repository: id.slice(0, at), path: id.slice(at + 1) };
      return at > 0 && isRepository(key.repository) && checkPath(key.path).length === 0 ? key : null;
    },
    toId: ({ repository, path }) => `${repository}:${path}`,
  },
  // A pull request is a handful of requests, and GitHub may ask to wait a minute before each.
  timeouts: { find: 10 * 60_000, create: 10 * 60_000, update: 10 * 60_000, delete: 10 * 60_000 },

  validate: ({ action, checkout }) => [...warnOfBranch('action', action), ...warnOfBranch('checkout', checkout)],

  derive: (config, context) =>
    talk(async () => {
      const branch = await branchIfThere(settingsOf(config.repository, context));
      const known = { branch, content: textOf(config) };
      // Whether a pull request is opened, changed or needless only the apply can tell.
      return config.via === 'commit' ? { ...known, pull_request: null, in_effect: true } : known;
    }),

  async review(changes, _configs, context) {
    const problems: Problem[] = [];
    for (const [index, { action, prior, planned }] of changes.entries()) {
      const of = planned ?? prior;
      if (action === 'no-op' || of === null) continue;
      const { repository, via } = of;
      // Not known yet: looked at when it is.
      if (repository === undefined || via === undefined) continue;
      const about = { repository, via, action: planned?.action ?? null, checkout: planned?.checkout ?? null };
      problems.push(...aboutChange(index, await talk(() => reviewWorkflow(about, settingsOf(repository, context)))));
    }
    return problems;
  },

  find: (key, remembered, context) => talk(() => look(key, remembered?.via ?? null, context)),
  read: (state, context) => talk(async () => (await look(state, state.via, context))?.state ?? null),
  create: (planned, _config, context) => talk(() => bring(planned, context)),
  update: (planned, _prior, _config, context) => talk(() => bring(planned, context)),
  delete: (state, context) =>
    talk(async () => {
      const { repository } = state;
      const pull = await unlessArchived(repository, context, () => takeWorkflowAway(placeOf(state, settingsOf(repository, context))));
      return pull === null || pull === undefined
        ? undefined
        : { waits: `It goes when ${pull.url} is merged; until then it goes on answering` };
    }),
  pending: (state) => waitsFor(state),
});

function waitsFor({ in_effect, pull_request, content }: StateOf<WorkflowSchema>): string | null {
  if (in_effect !== false || pull_request === null) return null;
  return content === null ? `The file goes when ${pull_request} is merged` : `It takes effect when ${pull_request} is merged`;
}
