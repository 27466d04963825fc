// The kind `schema`: JSON Schema for the planned values of resource types. Reads the schemas that stand in files; judges in judge.ts.
import type { SchemaSpec } from '../../contracts/check-kinds.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { formatPath } from '../../documents/path.ts';
import { matchGlob } from '../../documents/glob.ts';
import type { Plan } from '../../plan/model.ts';
import { createFindings } from '../finding-limit.ts';
import type { CheckTask, Kind, KindOutcome } from '../kind.ts';
import { isAskedOf } from '../select/select.ts';
import { inSlices } from '../slices.ts';
import { toSubject } from '../values/subject.ts';
import { withLead } from '../values/show.ts';
import { UNKNOWN_LEVEL } from '../values/unknown-level.ts';
import { compileSchema, type Validate } from './compile.ts';
import { judgeResource } from './judge.ts';
import { readSchemaFile } from './read-schema.ts';

export const schema: Kind<SchemaSpec> = {
  name: 'schema',
  needsPlan: () => true,
  open: ({ plan }) => ({
    async run(task) {
      if (plan === null) return { findings: [], reason: 'Needs the plan, and there is none' };
      const schemas = await readSchemas(task.spec.resources, task.baseDir);
      return schemas.ok ? await judge(task, plan, schemas.value) : { findings: [], reason: schemas.error };
    },
    close: async () => {},
  }),
};

interface TypeSchema {
  /** Glob. */
  readonly type: string;
  readonly validate: Validate;
}

/** @returns everything that is wrong, as one sentence */
async function readSchemas(resources: SchemaSpec['resources'], baseDir: string): Promise<Result<readonly TypeSchema[], string>> {
  const schemas: TypeSchema[] = [];
  const problems: string[] = [];
  for (const [type, written] of Object.entries(resources)) {
    const read = typeof written === 'string' ? await readSchemaFile(baseDir, written) : ok(written);
    const compiled = read.ok ? compileSchema(read.value) : null;
    if (!read.ok) problems.push(read.error);
    else if (compiled?.ok === true) schemas.push({ type, validate: compiled.value });
    else
      for (const { path, problem } of compiled?.error ?? [])
        problems.push(`${nameOf(type, written)}${path.length === 0 ? '' : ` at ${formatPath(path)}`}: ${problem}`);
  }
  return problems.length === 0 ? ok(schemas) : err(problems.join('; '));
}

const nameOf = (type: string, written: unknown): string =>
  typeof written === 'string' ? `The schema ${written}` : `The schema of ${type}`;

type Task = Pick<CheckTask<SchemaSpec>, 'check' | 'spec' | 'isExcepted' | 'explain' | 'signal'>;

async function judge({ check, spec, isExcepted, explain, signal }: Task, plan: Plan, schemas: readonly TypeSchema[]): Promise<KindOutcome> {
  const findings = createFindings();
  const unknownLevel = UNKNOWN_LEVEL[spec.unknown];
  const byType = new Map<string, readonly Validate[]>();
  await inSlices(plan.changes, signal, (change) => {
    let validates = byType.get(change.type);
    if (validates === undefined) {
      validates = schemas.filter(({ type }) => matchGlob(type, change.type)).map(({ validate }) => validate);
      byType.set(change.type, validates);
    }
    if (validates.length === 0 || !isAskedOf(spec.actions, change) || isExcepted(change.address)) return;
    const faults = judgeResource(validates, toSubject(change));
    explain?.(change.address, faults.length === 0 ? 'fits the schema' : faults.map(({ message }) => message).join('; '));
    for (const { message, attribute, isUnknown } of faults) {
      const level = isUnknown ? unknownLevel : 'error';
      if (level !== null)
        findings.add({ message: withLead(check.message, message), level, address: change.address, action: change.action, attribute });
    }
  });
  return { findings: findings.all(), reason: null };
}
