// The command lines of opa and conftest. Pure. Flags: `opa eval --help` of 0.70 and 1.9, `conftest test` of 0.57 to 0.69 (read 2026-11).
import { ANSWERS } from './questions.ts';

export type EngineName = 'opa' | 'conftest';
export type Dialect = 'v0' | 'v1';

export interface Engine {
  readonly name: EngineName;
  /** As it says itself: `1.9.0`. */
  readonly version: string;
  /** opa 1.0 and later read v1 unless told otherwise, earlier ones v0. conftest is always told. */
  readonly reads: Dialect;
  /** JSON of what policies may call; null: the engine takes no such thing. */
  readonly capabilities: string | null;
}

/** Files and folders in the folder that the engine works in. Relative: neither a colon nor a comma of ours can mean something there. */
export const PLACES = {
  policies: 'runtask-policies',
  answers: 'answers',
  runtask: 'runtask',
  data: 'data',
  schema: 'schema.json',
  capabilities: 'capabilities.json',
} as const;

export interface Command {
  readonly engine: Engine;
  readonly dialect: Dialect;
  readonly strict: boolean;
  /** Absolute. */
  readonly inputPath: string;
  /** How many roots of data there are. */
  readonly dataRoots: number;
}

export const toArgv = (command: Command): string[] => (command.engine.name === 'opa' ? opaArgv(command) : conftestArgv(command));

const pathsOf = ({ dataRoots }: Command): string[] => [
  PLACES.runtask,
  ...Array.from({ length: dataRoots }, (_, index) => `${PLACES.data}/${index}`),
];

function opaArgv(command: Command): string[] {
  const { engine, dialect, strict, inputPath } = command;
  return [
    ...['opa', 'eval', '--format', 'json', '--input', inputPath],
    ...['--capabilities', PLACES.capabilities],
    ...(dialect === engine.reads ? [] : [`--${dialect}-compatible`]),
    ...(strict ? ['--schema', PLACES.schema, '--show-builtin-errors'] : []),
    ...[PLACES.policies, PLACES.answers, ...pathsOf(command)].flatMap((path) => ['--data', path]),
    `data.${ANSWERS}.deny`,
  ];
}

function conftestArgv(command: Command): string[] {
  const { dialect, strict, inputPath } = command;
  return [
    ...['conftest', 'test', inputPath, '--parser', 'json', '--output', 'json', '--no-fail', '--no-color'],
    ...['--rego-version', dialect, '--namespace', ANSWERS],
    ...(strict ? ['--show-builtin-errors'] : []),
    ...[PLACES.policies, PLACES.answers].flatMap((path) => ['--policy', path]),
    ...pathsOf(command).flatMap((path) => ['--data', path]),
  ];
}
