// An HCP Terraform on loopback: our own witness. It posts run tasks, hears callbacks, hands out plans and configurations and
// keeps time as HashiCorp's documentation says, and shares no code with what it tests.
import { readBehaviour } from './behaviour.ts';
import { createApi } from './api/index.ts';
import { createIds } from './ids.ts';
import { notFound } from './json-api.ts';
import { createObjectStore } from './object-store.ts';
import { createOtherHands, createViews } from './other-hands.ts';
import { createRateLimit } from './rate-limit.ts';
import { createRegistry } from './registry.ts';
import { startServer, type ServerDeps } from './server.ts';
import { startRun } from './start-run.ts';
import type { PostDeps } from './post.ts';
import type { HcpEvent, HcpTerraform, HcpTerraformOptions, SeenRequest, SentRequest } from './types.ts';
import { createWatchers } from './watchers.ts';
import { createWeather } from './weather.ts';
import { World } from './world.ts';

export { FREE_EDITION, PREMIUM_EDITION } from './editions.ts';
export { HcpApiError } from './json-api.ts';
export type * from './types.ts';

/** Starts two servers, the API and the object store, on 127.0.0.1. */
export async function startHcpTerraform(options: HcpTerraformOptions): Promise<HcpTerraform> {
  const { clock } = options;
  const ids = createIds(options.random);
  const world = new World();
  const weather = createWeather();
  const watchers = createWatchers();
  const store = createObjectStore({ clock, ids });
  const seen: SeenRequest[] = [];
  const sent: SentRequest[] = [];
  const adminToken = options.adminToken ?? 'emulator-admin-token';
  let ended = new AbortController();

  const tell = (event: HcpEvent): void => watchers.tell(event);
  const serverDeps: ServerDeps = {
    clock,
    weather,
    onArrived: (request) => {
      seen.push(request);
      tell({ type: 'arrived', request });
    },
    onAnswered: (request) => tell({ type: 'answered', request }),
  };
  const postDeps = (timeoutMs: number): PostDeps => ({
    clock,
    fetch: options.fetch ?? fetch,
    timeoutMs,
    // A getter: a reset ends what is under way and starts anew.
    get ended() {
      return ended.signal;
    },
    onSent: (request) => {
      sent.push(request);
      tell({ type: 'sent', request });
    },
  });

  const origin = (): string => options.publicUrl ?? api.url;
  const behaviour = readBehaviour(options);
  const rateLimit = options.rateLimit === undefined ? null : createRateLimit(options.rateLimit, clock);
  const registry = createRegistry(
    world,
    Object.assign(postDeps(options.registrationTimeoutMs ?? 10_000), {
      ids,
      origin,
      verifyOnUpdate: options.verifyOnUpdate ?? 'always',
      taskConfigs: behaviour.taskConfigs,
    }),
  );
  const runDeps = Object.assign(postDeps(options.posting?.timeoutMs ?? 30_000), {
    ids,
    origin,
    tokenLife: options.tokenLife ?? 'fixed-10m',
    attempts: options.posting?.attempts ?? 3,
    backoffMs: options.posting?.backoffMs ?? 1000,
    callbackUrlCode: options.callbackUrlCode ?? false,
    onChange: (result) => tell({ type: 'result', result }),
    onRun: (run) => tell({ type: 'run', run }),
  } satisfies Partial<Parameters<typeof startRun>[2]>);

  const storage = await startServer('store', options.storePort ?? 0, (request) => store.handle(request), serverDeps);
  const handle = createApi(
    {
      ...{ world, registry, store, ids, clock, adminToken, behaviour },
      tokens: new Map(Object.entries(options.tokens ?? {})),
      storeOrigin: () => options.publicStoreUrl ?? storage.url,
    },
    { startRun: (spec) => startRun(spec, world, runDeps), failNext: (rule) => weather.add(rule), reset: () => reset(), seen, sent },
    rateLimit,
  );
  const api = await startServer('api', options.port ?? 0, handle, serverDeps);

  const endRuns = (): void => {
    for (const run of world.runs.values()) run.cancel();
    ended.abort(new Error('the emulator was reset or closed'));
    ended = new AbortController();
  };

  const reset = (): void => {
    endRuns();
    world.clear();
    weather.clear();
    store.clear();
    rateLimit?.clear();
    seen.length = 0;
    sent.length = 0;
    api.breakHanging();
    storage.breakHanging();
  };

  return {
    url: api.url,
    host: api.host,
    storeUrl: storage.url,
    adminToken,
    seen,
    sent,
    get rateLimited() {
      return rateLimit?.refused ?? 0;
    },
    createOrganization: registry.createOrganization,
    createProject: registry.createProject,
    createAgentPool: registry.createAgentPool,
    createWorkspace: registry.createWorkspace,
    createRunTask: ({ organization, ...spec }) => registry.createTask(organization, spec),
    attachRunTask({ organization, workspace, task, stages, enforcementLevel }) {
      const target = world.workspaceNamed(organization, workspace);
      const source = typeof task === 'string' ? world.taskNamed(organization, task) : task;
      if (target === undefined || source === undefined) throw notFound();
      return registry.attach({ workspaceId: target.id, taskId: source.id, stages: stages ?? ['post_plan'], enforcementLevel });
    },
    ...createViews(world),
    otherHands: createOtherHands(world, registry, ids),
    startRun: async (spec) => startRun(spec, world, runDeps),
    failNext: (rule) => weather.add(rule),
    watch: (listener) => watchers.watch(listener),
    until: (probe) => watchers.until(probe),
    reset,
    async close() {
      endRuns();
      await Promise.all([api.close(), storage.close()]);
    },
  };
}
