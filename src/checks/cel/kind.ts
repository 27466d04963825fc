// The kind `cel`: one expression, asked of each resource change, output or of the plan. Evaluation is in evaluate.ts, in a thread.
import type { CelSpec } from '../../contracts/check-kinds.ts';
import { MAX_FINDINGS, toUnlisted } from '../finding-limit.ts';
import type { Kind, KindOutcome } from '../kind.ts';
import type { CelReport } from './evaluate.ts';
import { createCelHost, type CelHost } from './host.ts';

export const cel: Kind<CelSpec> = {
  name: 'cel',
  needsPlan: () => true,
  open({ plan, run, startWorker }) {
    const host: CelHost | null = plan === null ? null : createCelHost(plan, run, startWorker);
    return {
      async run({ check, spec, signal }) {
        if (host === null) return { findings: [], reason: 'Needs the plan, and there is none' };
        const message = spec.message ?? (check.message === undefined ? undefined : literal(check.message));
        const asked = message === undefined ? spec : { ...spec, message };
        return toOutcome(await host.evaluate(asked, MAX_FINDINGS, signal));
      },
      close: async () => host?.close(),
    };
  },
};

/** The check's own `message` is plain text in every kind; only `cel.message` is a template. */
const literal = (text: string): string => text.replaceAll('${', () => '$${');

function toOutcome({ findings, unlisted, problems, problemCount }: CelReport): KindOutcome {
  const all = unlisted === 0 ? findings : [...findings, toUnlisted(unlisted)];
  if (problemCount === 0) return { findings: all, reason: null };
  const more = problemCount > problems.length ? `; and ${problemCount - problems.length} more` : '';
  return { findings: all, reason: `The expression has no answer: ${problems.join('; ')}${more}` };
}
