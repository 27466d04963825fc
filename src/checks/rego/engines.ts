// Which engine this runner has, in which version, and what policies may call in it. Asked once per run.
import { err, ok, type Result } from '../../base/result.ts';
import type { RegoSpec } from '../../contracts/check-kinds.ts';
import { listOf, objectOf, textOf } from '../loose-json.ts';
import type { ToolEnd } from '../run/run-tool.ts';
import { TimeIsUp, withinTime } from '../within-time.ts';
import type { Engine, EngineName } from './command.ts';
import type { Tools } from './judge.ts';

export interface Engines {
  /** @throws the abort reason */
  find(wanted: RegoSpec['engine'], tools: Tools): Promise<Result<Engine, string>>;
}

export function createEngines(): Engines {
  const found = new Map<RegoSpec['engine'], Result<Engine, string>>();
  return {
    async find(wanted, tools) {
      const result = found.get(wanted) ?? (await findEngine(wanted, tools));
      found.set(wanted, result);
      return result;
    },
  };
}

// `opa version` takes some 30 ms, more on a cold disk.
const QUESTION_TIMEOUT_MS = 5000;

const INSTALL: Readonly<Record<EngineName, string>> = {
  opa: 'Add a step before this one: `uses: open-policy-agent/setup-opa@v2` `with: { version: 1.9.0 }` (the version that you choose)',
  conftest:
    'Add a step before this one that takes a release of github.com/open-policy-agent/conftest, compares its checksum and puts it on the PATH',
};

const CANDIDATES: Readonly<Record<RegoSpec['engine'], readonly EngineName[]>> = {
  auto: ['opa', 'conftest'],
  opa: ['opa'],
  conftest: ['conftest'],
};

/** An engine that is there and does not work is an error, and no reason to take the other one. */
async function findEngine(wanted: RegoSpec['engine'], tools: Tools): Promise<Result<Engine, string>> {
  const names = CANDIDATES[wanted];
  for (const name of names) {
    const end = await ask(name === 'opa' ? ['opa', 'version'] : ['conftest', '--version'], tools);
    if (end === 'too-slow') return err(`${name} did not tell its version within ${QUESTION_TIMEOUT_MS / 1000} s`);
    if (end.kind === 'not-started' && end.code === 'ENOENT') continue;
    const engine = readVersion(name, end);
    return engine.ok ? withCapabilities(engine.value, tools) : engine;
  }
  const missing = names.length > 1 ? `Neither ${names.join(' nor ')} is` : `${names.join('')} is not`;
  return err(`${missing} on the PATH of this job. ${INSTALL[names[0] ?? 'opa']}`);
}

async function ask(argv: readonly string[], { start, clock, signal }: Tools): Promise<Exclude<ToolEnd, { kind: 'aborted' }> | 'too-slow'> {
  try {
    const end = await withinTime(QUESTION_TIMEOUT_MS, { clock, signal }, (ofSignal) => start(argv, ofSignal));
    if (end.kind === 'aborted') throw signal.reason;
    return end;
  } catch (error) {
    // The check's own time ended, and not ours.
    signal.throwIfAborted();
    if (error instanceof TimeIsUp) return 'too-slow';
    throw error;
  }
}

function readVersion(name: EngineName, end: Exclude<ToolEnd, { kind: 'aborted' }>): Result<Omit<Engine, 'capabilities'>, string> {
  if (end.kind === 'not-started') return err(`${name} could not be started (${end.code})`);
  const text = end.kind === 'exited' && end.code === 0 ? end.stdout.toString('utf8') : '';
  const version = /^(?:Version|Conftest):\s*v?(\S+)/m.exec(text)?.[1];
  if (version === undefined) return err(`${name} does not tell its version. Is the program of that name on the PATH the right one?`);
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const isOlderThan = (least: number): boolean => major === 0 && minor < least;
  // conftest 0.57 brought --rego-version; a build of one's own calls itself `dev`. Older opas than 0.70 were not tried.
  const least = name === 'conftest' ? 57 : 70;
  if (isOlderThan(least)) return err(`${name} ${version} is too old. It must be 0.${least} or later`);
  return ok({ name, version, reads: name === 'opa' && major === 0 ? 'v0' : 'v1' });
}

// They reach the network and read the environment.
const SWITCHED_OFF = new Set(['http.send', 'net.lookup_ip_addr', 'opa.runtime']);

/** What this opa can do, less what leads out of it. conftest cannot say what it can do, and so not be told to do less. */
async function withCapabilities(engine: Omit<Engine, 'capabilities'>, tools: Tools): Promise<Result<Engine, string>> {
  if (engine.name === 'conftest') return ok({ ...engine, capabilities: null });
  const end = await ask(['opa', 'capabilities', '--current'], tools);
  const stdout = end !== 'too-slow' && end.kind === 'exited' && end.code === 0 ? end.stdout.toString('utf8') : '';
  const all = objectOf(parse(stdout));
  const builtins = listOf(all?.['builtins']);
  if (all === null || builtins === null)
    return err(`opa ${engine.version} does not tell its capabilities, so that the network cannot be switched off`);
  const kept = builtins.filter((builtin) => !SWITCHED_OFF.has(textOf(objectOf(builtin)?.['name']) ?? ''));
  return ok({ ...engine, capabilities: JSON.stringify({ ...all, builtins: kept, allow_net: [] }) });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON: what was asked for is not in it.
    return null;
  }
}
