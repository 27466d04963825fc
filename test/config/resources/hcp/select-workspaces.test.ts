import { afterEach, describe, expect, it } from '@jest/globals';
import { isPattern, selectWorkspaces, type WorkspaceSelector } from '../../../../src/config/resources/select-workspaces.ts';
import { workspaces } from '../../../../src/config/resources/workspaces.ts';
import type { WorkspaceFacts } from '../../../../src/hcp/management/index.ts';
import { arrange, type Scene } from '../../../hcp/management/arrange.ts';
import { contextOf } from './context.ts';

const workspace = (
  name: string,
  project: string | null,
  tags: readonly string[],
  tagBindings: Record<string, string> = {},
): WorkspaceFacts => ({
  id: `ws-${name}`,
  name,
  project: project === null ? null : { id: `prj-${project}`, name: project },
  tags: [...tags, ...Object.keys(tagBindings)],
  tagBindings,
});
const ALL = [
  workspace('net-prod', 'networking', ['prod'], { env: 'prod' }),
  workspace('net-dev', 'networking', [], { env: 'dev' }),
  workspace('net-sandbox', 'networking', ['prod']),
  workspace('app', 'apps', ['prod', 'critical']),
  workspace('old', null, []),
];
const selected = (selector: Partial<WorkspaceSelector>): string[] =>
  selectWorkspaces(ALL, { names: [], exclude: [], tags: [], project: null, ...selector }).map(({ name }) => name);

describe('selectWorkspaces', () => {
  it.each<[string, Partial<WorkspaceSelector>, string[]]>([
    ['nothing said', {}, ['app', 'net-dev', 'net-prod', 'net-sandbox', 'old']],
    ['a pattern', { names: ['net-*'] }, ['net-dev', 'net-prod', 'net-sandbox']],
    ['a question mark', { names: ['net-de?'] }, ['net-dev']],
    ['one of several', { names: ['app', 'ol?'] }, ['app', 'old']],
    ['a whole name, not a part', { names: ['net'] }, []],
    ['case counts', { names: ['NET-*'] }, []],
    ['exclude wins', { names: ['net-*'], exclude: ['net-sandbox', '*-dev'] }, ['net-prod']],
    ['a flat tag', { tags: ['prod'] }, ['app', 'net-prod', 'net-sandbox']],
    ['all tags', { tags: ['prod', 'critical'] }, ['app']],
    ['a key', { tags: ['env'] }, ['net-dev', 'net-prod']],
    ['a key with its value', { tags: ['env=prod'] }, ['net-prod']],
    ['a key that objects have', { tags: ['__proto__=x', 'constructor'] }, []],
    ['a project', { project: 'networking' }, ['net-dev', 'net-prod', 'net-sandbox']],
    ['everything', { names: ['net-*'], exclude: ['net-sandbox'], tags: ['prod'], project: 'networking' }, ['net-prod']],
  ])('%s', (_what, selector, names) => expect(selected(selector)).toEqual(names));
});

it.each([
  ['net-prod', false],
  ['net-*', true],
  ['net-?', true],
])('isPattern(%j) is %s', (name, pattern) => expect(isPattern(name)).toBe(pattern));

describe('the data source', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  it('reads what the selector means', async () => {
    scene = await arrange();
    for (const name of ['net-b', 'net-a', 'app'])
      scene.emulator.createWorkspace({ organization: 'acme', name, project: 'networking', tags: ['prod'] });
    const config = { organization: 'acme', names: ['net-*'], exclude: null, tags: ['prod'], project: 'networking', workspaces: null };
    expect(await workspaces.read(config, contextOf(scene))).toMatchObject({
      names: ['net-*'],
      exclude: null,
      workspaces: ['net-a', 'net-b'].map((name) => ({ id: expect.stringMatching(/^ws-/), name, project: 'networking', tags: ['prod'] })),
    });
  });

  it('tells at the organization that the token may not', async () => {
    scene = await arrange();
    const config = { organization: 'elsewhere', names: null, exclude: null, tags: null, project: null, workspaces: null };
    await expect(workspaces.read(config, contextOf(scene))).rejects.toMatchObject({
      name: 'ProblemError',
      problems: [
        { severity: 'error', summary: expect.stringContaining('the workspaces of the organization elsewhere'), path: ['organization'] },
      ],
    });
  });
});
