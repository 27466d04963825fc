// What is wrong with the form of a plan, told by place, quoting nothing of it. No I/O.
import type * as z from 'zod';
import type { Diagnostic } from '../../base/diagnostics.ts';

/** More say nothing new, and a hostile plan could have a million. */
const MAX_TOLD = 20;

export class SchemaProblems {
  readonly #told: Diagnostic[] = [];
  #count = 0;

  /**
   * @param isGood  a quicker look; what it does not accept, the schema judges
   * @returns null when the value has another form; what is wrong is noted
   */
  check<T>(schema: z.ZodType<T>, value: unknown, path: string, isGood?: (value: unknown) => value is T): T | null {
    if (isGood?.(value) === true) return value;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const below = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
      // zod's message names the types that it expected and found, never the value.
      const detail = issue.code === 'invalid_type' ? issue.message : 'It does not have the form that Terraform documents.';
      this.add(detail, (path + below).replace(/^\./, ''));
    }
    return null;
  }

  add(detail: string, path: string): void {
    this.#count += 1;
    if (this.#told.length < MAX_TOLD) this.#told.push(problem('The plan is not as Terraform writes it', detail, path));
  }

  /** Of all of these, in this order. */
  static told(all: readonly SchemaProblems[]): Diagnostic[] {
    const told = all.flatMap((one) => one.#told).slice(0, MAX_TOLD);
    const rest = all.reduce((sum, one) => sum + one.#count, 0) - told.length;
    return rest === 0 ? told : [...told, problem(`${rest} more problems of the same kind`, '')];
  }
}

export const problem = (summary: string, detail: string, path = ''): Diagnostic => ({ severity: 'error', summary, detail, path });
