// An API that shows less than it did: a token that lost a right, an Enterprise that answers less, a proxy. What cannot be seen must not look
// as if nobody wanted it any more: gates would be taken off in silence.
import { afterEach, describe, expect, it } from '@jest/globals';
import { ORGANIZATION, startMatrixWorld, type MatrixWorld } from './support/matrix-world.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON of an API, to be spoiled
type Body = any;

let world: MatrixWorld;
afterEach(() => world.close());

/** A run task on net-dev and net-prod, which the file selects by `workspaces`. */
async function applied(workspaces: object): Promise<void> {
  world = await startMatrixWorld({ workspaces: ['app-prod'] });
  for (const name of ['net-dev', 'net-prod'])
    world.hcp.createWorkspace({
      organization: ORGANIZATION,
      name,
      vcs: null,
      project: 'networking',
      tags: ['gated'],
      tagBindings: { env: 'prod' },
    });
  world.config.attachments[0].workspaces = workspaces;
  world.config.repositories = {};
  await world.apply();
  expect(world.hcp.attachments(ORGANIZATION)).toHaveLength(2);
}

/** From now on, JSON that comes from a path is changed, or refused by a status. */
function answer(path: RegExp, change: (body: Body) => unknown): void {
  world.fetch = async (...args) => {
    const response = await fetch(...args);
    if (!path.test(String(args[0]))) return response;
    const made = change(JSON.parse(await response.text()));
    return typeof made === 'number' ? new Response('{}', { status: made }) : Response.json(made);
  };
}

/** What an apply would take off, and what is said by those whose severity is asked for. */
async function planned(): Promise<{ readonly deletes: number; readonly errors: readonly string[]; readonly warnings: readonly string[] }> {
  const { items, diagnostics } = await world.planAsItIs();
  const summaries = (wanted: string): string[] =>
    diagnostics.flatMap(({ severity, summary, path }) => (severity === wanted ? [`${path}: ${summary}`] : []));
  return {
    deletes: items.filter(({ change }) => change.action === 'delete').length,
    errors: summaries('error'),
    warnings: summaries('warning'),
  };
}

describe('what the API no longer shows', () => {
  it('is an error of a selection by project, when the token may not see projects', async () => {
    await applied({ project: 'networking' });
    answer(/\/workspaces\?|\/projects\?/, (body) => (body.data[0]?.type === 'projects' ? 404 : { ...body, included: [] }));
    expect(await planned()).toEqual({
      deletes: 0,
      errors: ['attachments[0].workspaces.project: The token does not see in which project 3 workspaces are'],
      warnings: [],
    });
  });

  it('is no matter where names decide', async () => {
    await applied({ names: ['net-*'], project: 'networking' });
    answer(/\/workspaces\?|\/projects\?/, (body) => (body.data[0]?.type === 'projects' ? 404 : { ...body, included: [] }));
    expect((await planned()).errors).toEqual([
      'attachments[0].workspaces.project: The token does not see in which project 2 workspaces are',
    ]);
    world.config.attachments[0].workspaces = { names: ['net-*'] };
    expect(await planned()).toEqual({ deletes: 0, errors: [], warnings: [] });
  });

  it('is an error of a selection by tags, when their values are named and not told', async () => {
    await applied({ tags: ['env=prod'] });
    answer(/\/workspaces\?/, (body) => ({ ...body, included: [] }));
    const errors = ['attachments[0].workspaces.tags: The API does not tell all tags of 2 workspaces'];
    expect(await planned()).toEqual({ deletes: 0, errors, warnings: [] });
    world.config.attachments[0].workspaces = { tags: ['env'] };
    expect(await planned()).toEqual({ deletes: 0, errors, warnings: [] });
  });

  it('is an error of a selection by the values of tags, when the server knows none any more; flat tags are told', async () => {
    await applied({ tags: ['env=prod'] });
    answer(/\/workspaces\?include/, () => 400);
    expect(await planned()).toEqual({
      deletes: 0,
      errors: ['attachments[0].workspaces.tags: The API does not tell all tags of 3 workspaces'],
      warnings: [],
    });
    world.config.attachments[0].workspaces = { tags: ['gated'] };
    expect(await planned()).toEqual({ deletes: 0, errors: [], warnings: [] });
  });

  it('takes nothing off workspaces that are still there, when a selection takes none at all', async () => {
    await applied({ tags: ['gated'] });
    answer(/\/workspaces\?/, (body) => ({
      ...body,
      data: body.data.map((one: Body) => ({ ...one, attributes: { ...one.attributes, 'tag-names': [] } })),
    }));
    const lost = 'attachments[0].workspaces: The selection takes no workspace, and 2 workspaces would lose the run task gate';
    expect((await planned()).errors).toEqual([lost]);
    // To take the entry out is to say so.
    world.config.attachments = [];
    expect(await planned()).toEqual({ deletes: 2, errors: [], warnings: [] });
  });

  it('is told of workspaces, whose run tasks stay attached', async () => {
    await applied({ names: ['net-*'] });
    answer(/\/workspaces\?/, (body) => ({ ...body, data: body.data.filter((one: Body) => one.attributes.name === 'app-prod') }));
    expect(await planned()).toEqual({
      deletes: 0,
      errors: [],
      warnings: [
        'attachments[0].workspaces.names[0]: No workspace matches "net-*"',
        'run_tasks.gate: Others have attached gate to 2 workspaces that this file does not declare',
        ': The workspace is gone, or the token may no longer see it',
      ],
    });
    await world.apply();
    expect(world.hcp.attachments(ORGANIZATION)).toHaveLength(2);
    // Seen again, they are taken over again.
    world.fetch = fetch;
    await world.apply();
    expect(await planned()).toEqual({ deletes: 0, errors: [], warnings: [] });
  });
});
