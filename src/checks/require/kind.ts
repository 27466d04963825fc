// The kind `require`: tags and attributes that must be there, shapes that must not. No I/O.
import type { RequireSpec } from '../../contracts/check-kinds.ts';
import type { Plan } from '../../plan/model.ts';
import { createFindings } from '../finding-limit.ts';
import type { CheckTask, FindingDraft, Kind } from '../kind.ts';
import { isAskedOf, selectPlanned } from '../select/select.ts';
import { inSlices } from '../slices.ts';
import { withLead } from '../values/show.ts';
import { compileExpectation } from '../values/condition.ts';
import { createConfigured, type Configured } from '../values/configured.ts';
import { UNKNOWN_LEVEL } from '../values/unknown-level.ts';
import { createWalk } from '../values/walk.ts';
import { toSubject } from '../values/subject.ts';
import { judgeAttributes } from './attributes.ts';
import { judgeNone } from './none.ts';
import { type Fault, type Judge, type Tools } from './judge.ts';
import { judgeTags } from './tags.ts';

export const require: Kind<RequireSpec> = {
  name: 'require',
  needsPlan: () => true,
  open({ plan }) {
    const configured = plan === null ? null : createConfigured(plan);
    return {
      async run(task) {
        if (plan === null || configured === null) return { findings: [], reason: 'Needs the plan, and there is none' };
        return { findings: await findFaults(task, plan, configured), reason: null };
      },
      close: async () => {},
    };
  },
};

type Task = Pick<CheckTask<RequireSpec>, 'check' | 'spec' | 'isExcepted' | 'explain' | 'signal'>;

async function findFaults({ check, spec, isExcepted, explain, signal }: Task, plan: Plan, configured: Configured): Promise<FindingDraft[]> {
  const judges = createJudges(spec, { walk: createWalk(), configured, unlessMissing: spec.unless_missing });
  const selects = selectPlanned(spec);
  const unknownLevel = UNKNOWN_LEVEL[spec.unknown];
  const findings = createFindings();
  let asked = 0;
  await inSlices(plan.changes, signal, (change) => {
    if (!isAskedOf(spec.actions, change) || !selects(change) || isExcepted(change.address)) return;
    asked++;
    const faults: Fault[] = [];
    const subject = toSubject(change);
    for (const judge of judges) judge(subject, faults);
    explain?.(change.address, faults.length === 0 ? 'is as required' : faults.map(({ message }) => message).join('; '));
    for (const { message, attribute, isUnknown } of faults) {
      const level = isUnknown ? unknownLevel : 'error';
      if (level !== null)
        findings.add({ message: withLead(check.message, message), level, address: change.address, action: change.action, attribute });
    }
  });
  if (asked === 0)
    explain?.('the plan', `none of its ${plan.changes.length} changes is asked: types, addresses, modules or actions leave all out`);
  return findings.all();
}

function createJudges(spec: RequireSpec, tools: Tools): Judge[] {
  return [
    ...(spec.name === undefined ? [] : [judgeName(spec.name)]),
    ...(spec.tags === undefined ? [] : [judgeTags(spec.tags, tools)]),
    ...(spec.attributes === undefined ? [] : [judgeAttributes(spec.attributes, tools)]),
    ...(spec.none === undefined ? [] : [judgeNone(spec.none, tools)]),
  ];
}

function judgeName(condition: NonNullable<RequireSpec['name']>): Judge {
  const expected = compileExpectation(condition);
  return ({ change }, faults) => {
    const answer = expected.judge({ kind: 'value', value: change.name, unknown: false, inText: false }, () => true);
    if (answer !== 'yes')
      faults.push({ message: `The name ${JSON.stringify(change.name)} must ${expected.wanted}`, attribute: null, isUnknown: false });
  };
}
