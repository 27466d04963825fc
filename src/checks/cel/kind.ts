// The kind `cel`: one expression, asked of each resource change, output, module, provider or of the plan. Evaluation is in evaluate.ts:
// in this process while it behaves, else in a thread.
import type { CelSpec } from '../../contracts/check-kinds.ts';
import { MAX_FINDINGS, toUnlisted } from '../finding-limit.ts';
import type { CheckTask, Kind, KindOutcome } from '../kind.ts';
import type { CelQuestion, CelReport } from './evaluate.ts';
import { createCelHost } from './host.ts';
import { evaluateInline, INLINE_LIMITS, type InlineLimits } from './inline.ts';
import { CelPlan } from './subjects.ts';

/** @param limits  of the evaluation in this process */
export const createCel = (limits: InlineLimits = INLINE_LIMITS): Kind<CelSpec> => ({
  name: 'cel',
  needsPlan: () => true,
  open({ plan, run, startWorker }) {
    if (plan === null) return { run: async () => ({ findings: [], reason: 'Needs the plan, and there is none' }), close: async () => {} };
    const host = createCelHost(plan, run, startWorker);
    const celPlan = new CelPlan(plan, run);
    return {
      async run(task) {
        const question = toQuestion(task);
        const report = (await evaluateInline(question, celPlan, task.signal, limits)) ?? (await host.evaluate(question, task.signal));
        for (const [subject, saw] of report.explained) task.explain?.(subject, saw);
        return toOutcome(report);
      },
      close: host.close,
    };
  },
});

export const cel = createCel();

function toQuestion({ check, spec, params, explain }: CheckTask<CelSpec>): CelQuestion {
  const message = spec.message ?? (check.message === undefined ? undefined : literal(check.message));
  return {
    spec: message === undefined ? spec : { ...spec, message },
    params,
    except: check.except ?? [],
    maxFindings: MAX_FINDINGS,
    explain: explain !== null,
  };
}

/** The check's own `message` is plain text in every kind; only `cel.message` is a template. */
const literal = (text: string): string => text.replaceAll('${', () => '$${');

function toOutcome({ findings, unlisted, problems, problemCount }: CelReport): KindOutcome {
  const all = [
    ...findings,
    ...(unlisted.error === 0 ? [] : [toUnlisted(unlisted.error)]),
    ...(unlisted.warning === 0 ? [] : [toUnlisted(unlisted.warning, 'warning')]),
  ];
  if (problemCount === 0) return { findings: all, reason: null };
  const more = problemCount > problems.length ? `; and ${problemCount - problems.length} more` : '';
  return { findings: all, reason: `The expression has no answer: ${problems.join('; ')}${more}` };
}
