// Asks a CEL check of a plan, as the tests of this folder write it.
import { evaluateCel, type CelQuestion, type CelReport } from '../../../src/checks/cel/evaluate.ts';
import { CelPlan } from '../../../src/checks/cel/subjects.ts';
import { celSchema } from '../../../src/contracts/check-kinds.ts';
import type { Plan, ResourceChange } from '../../../src/plan/model.ts';
import { aPlan, aRun } from '../builders.ts';

export const aQuestion = (spec: object, over: Partial<CelQuestion> = {}): CelQuestion => ({
  spec: celSchema.parse(spec),
  params: {},
  except: [],
  maxFindings: 1000,
  explain: false,
  ...over,
});

export const judge = (spec: object, plan: Plan, over: Partial<CelQuestion> = {}): CelReport =>
  evaluateCel(aQuestion(spec, over), new CelPlan(plan, aRun()));

export const messages = (spec: object, ...changes: ResourceChange[]): string[] =>
  judge(spec, aPlan(changes)).findings.map((finding) => finding.message);

export const problems = (spec: object, ...changes: ResourceChange[]): readonly string[] => judge(spec, aPlan(changes)).problems;
