// An API in memory with two kinds of objects, and the definitions of both: a gate, which has room for a mark of ours, and a link to a gate,
// which has none. Calls can be made to fail, before their effect or after it, and everything that was done is counted.
import { ProblemError, problem } from '../../../../src/config/engine/problem.ts';
import { resourceFor, type AnyResource } from '../../../../src/config/engine/resource.ts';
import { computed, number, optional, required, string, withDefault } from '../../../../src/config/engine/schema.ts';
import type { Clients } from '../../../../src/config/resources/clients.ts';
import { Fault } from '../../../../src/base/fault.ts';

export interface StoredGate {
  readonly id: string;
  readonly size: number;
  readonly color: string | null;
  readonly secret: string | null;
  readonly ours: boolean;
  /** Made, and not in effect yet. */
  readonly pending?: boolean;
}
export interface StoredLink {
  readonly gate: string;
  readonly gateId: string | null;
}

/** `find gate a`, `create link x` */
export type Call = `${'find' | 'create' | 'update' | 'delete'} ${'gate' | 'link'} ${string}`;
export type Weather = (call: Call, nth: number) => 'before' | 'after' | null;

export interface World {
  readonly gates: Map<string, StoredGate>;
  readonly links: Map<string, StoredLink>;
  readonly calls: Call[];
  /** Two of the same name were asked for: what must never be. */
  readonly conflicts: string[];
  weather: Weather;
  /** Held calls wait here. */
  hold: ((call: Call) => Promise<void>) | null;
  readonly resources: readonly AnyResource<Clients>[];
  readonly gate: AnyResource<Clients>;
  readonly link: AnyResource<Clients>;
}

const define = resourceFor<Clients>();

export function createWorld(): World {
  const gates = new Map<string, StoredGate>();
  const links = new Map<string, StoredLink>();
  const calls: Call[] = [];
  const conflicts: string[] = [];
  let ids = 0;

  /** Runs an effect as the weather allows. */
  const calling = async <T>(call: Call, effect: () => T): Promise<T> => {
    const nth = calls.push(call);
    await world.hold?.(call);
    const weather = world.weather(call, nth);
    if (weather === 'before') throw new Fault('E_TEST', `${call}: refused`, { retryable: false });
    const result = effect();
    await new Promise((resolve) => setImmediate(resolve));
    if (weather === 'after') throw new Fault('E_TEST', `${call}: the answer was lost`, { retryable: true });
    return result;
  };
  const once = (map: ReadonlyMap<string, unknown>, call: Call, name: string): void => {
    if (!map.has(name)) return;
    conflicts.push(call);
    throw new ProblemError([problem(['name'], 'There is one already')]);
  };

  const gate = define({
    name: 'gate',
    description: 'Has room for a mark.',
    schema: {
      name: required(string, { description: 'Its name.' }),
      size: withDefault(number, 1, {
        description: 'Any but 13.',
        validate: (size: number) => (size === 13 ? [{ summary: 'Not 13', detail: 'Take another.' }] : []),
      }),
      color: optional(string, { description: 'Another colour is another gate.', replace: true }),
      secret: optional(string, { description: 'Never told.', writeOnly: true }),
      secret_version: optional(number, { description: 'Changes with the secret.', remembered: true }),
      id: computed(string, { description: 'Of the API.', stable: true }),
    },
    key: ['name'],
    import: {
      form: 'gates/NAME',
      toKey: (id) => (id.startsWith('gates/') ? { name: id.slice(6) } : null),
      toId: ({ name }) => `gates/${name}`,
    },
    review: async (changes) => (changes.length > 900 ? [problem([], 'Too many gates', 'There may be 900.')] : []),
    find: ({ name }) =>
      calling(`find gate ${name}`, () => {
        const found = gates.get(name);
        if (found === undefined) return null;
        return { state: { name, size: found.size, color: found.color, id: found.id }, managed: found.ours };
      }),
    read: async () => null,
    create: ({ name, size, color }, { secret }) =>
      calling(`create gate ${name}`, () => {
        once(gates, `create gate ${name}`, name);
        const made: StoredGate = { id: `id-${++ids}`, size: size ?? 1, color: color ?? null, secret, ours: true };
        gates.set(name, made);
        return { id: made.id };
      }),
    update: ({ name, size, secret_version }, prior, { secret }) =>
      calling(`update gate ${name}`, () => {
        const old = gates.get(name);
        if (old === undefined) throw new ProblemError([problem([], 'It is gone')]);
        const isNew = prior.secret_version !== secret_version;
        gates.set(name, { ...old, size: size ?? 1, ours: true, secret: isNew ? secret : old.secret });
        return { id: old.id };
      }),
    delete: ({ name }) => calling(`delete gate ${name}`, () => removeGate(name)),
    pending: ({ name }) => (gates.get(name)?.pending === true ? 'somebody has to say yes' : null),
  });
  const removeGate = (name: string): void => {
    const attached = [...links].find(([, link]) => link.gate === name);
    if (attached !== undefined) throw new ProblemError([problem([], `It is still linked by ${attached[0]}`)]);
    gates.delete(name);
  };

  const link = define({
    name: 'link',
    description: 'Has no room for a mark.',
    schema: {
      name: required(string, { description: 'Its name.' }),
      gate: required(string, { description: 'The name of its gate.' }),
      gate_id: optional(string, { description: 'The id of its gate.' }),
    },
    key: ['name'],
    import: {
      form: 'links/NAME',
      toKey: (id) => (id.startsWith('links/') ? { name: id.slice(6) } : null),
      toId: ({ name }) => `links/${name}`,
    },
    find: ({ name }) =>
      calling(`find link ${name}`, () => {
        const found = links.get(name);
        return found === undefined ? null : { state: { name, gate: found.gate, gate_id: found.gateId }, managed: null };
      }),
    read: async () => null,
    create: ({ name, gate: to, gate_id }) =>
      calling(`create link ${name}`, () => {
        once(links, `create link ${name}`, name);
        putLink(name, to, gate_id ?? null);
        return {};
      }),
    update: ({ name, gate: to, gate_id }) =>
      calling(`update link ${name}`, () => {
        putLink(name, to, gate_id ?? null);
        return {};
      }),
    delete: ({ name }) => calling(`delete link ${name}`, () => void links.delete(name)),
  });
  const putLink = (name: string, to: string | undefined, gateId: string | null): void => {
    if (to === undefined || !gates.has(to)) throw new ProblemError([problem(['gate'], 'There is no such gate')]);
    links.set(name, { gate: to, gateId });
  };

  const world: World = { gates, links, calls, conflicts, weather: () => null, hold: null, resources: [gate, link], gate, link };
  return world;
}
