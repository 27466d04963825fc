// Runs the engine, in the dialect that the policies compile in.
import type { Clock } from '../../base/clock.ts';
import type { RegoSpec } from '../../contracts/check-kinds.ts';
import type { ToolEnd } from '../run/run-tool.ts';
import { toArgv, type Command, type Dialect } from './command.ts';
import { readEnd, type EngineProblem } from './read-end.ts';

/** How engines are started in this check, and until when. */
export interface Tools {
  readonly start: (argv: readonly string[], signal: AbortSignal) => Promise<ToolEnd>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface Judgement {
  readonly dialect: Dialect;
  /** null: the problems say why. With answers they are what failed while it judged. */
  readonly answers: readonly unknown[] | null;
  readonly problems: readonly EngineProblem[];
}

export async function judge(
  version: RegoSpec['rego_version'],
  command: Omit<Command, 'dialect'>,
  questions: number,
  { start, signal }: Tools,
): Promise<Judgement> {
  const attempt = async (dialect: Dialect): Promise<Judgement> => {
    const end = await start(toArgv({ ...command, dialect }), signal);
    if (end.kind === 'aborted') throw signal.reason;
    return { dialect, ...readEnd(command.engine.name, end, questions) };
  };
  if (version !== 'auto') return attempt(version);
  const asV1 = await attempt('v1');
  if (!doesNotCompile(asV1)) return asV1;
  const asV0 = await attempt('v0');
  if (!doesNotCompile(asV0)) return asV0;
  // Of one that parses, what is wrong with it is worth telling. Of none, both: the dialects may be mixed.
  if (!doesNotParse(asV1)) return asV1;
  if (!doesNotParse(asV0)) return asV0;
  return { ...asV1, problems: [...labelled(asV1), ...labelled(asV0)] };
}

const doesNotCompile = ({ answers, problems }: Judgement): boolean =>
  answers === null && problems.some(({ code }) => code?.startsWith('rego_') === true);

const doesNotParse = ({ problems }: Judgement): boolean => problems.some(({ code }) => code === 'rego_parse_error');

// The first of each: what follows a syntax error is mostly noise.
const labelled = ({ dialect, problems }: Judgement): EngineProblem[] =>
  problems.slice(0, 1).map((problem) => ({ ...problem, message: `as Rego ${dialect}: ${problem.message}` }));
