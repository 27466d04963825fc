// What HCP Terraform accepts at a task result's callback, and no more. Our own reading of HashiCorp's runtask-result,
// runtask-outcome, runtask-tag and runtask-rich-label schemas (2025-11-19), which cannot be compiled as published.
//
// Stricter than HCP is known to be where a lenient witness would hide a defect: unknown keys, links that are not http(s)
// (its page shows such a result wrongly), an empty list of outcomes.
import * as z from 'zod';
import type { Outcome } from '../../contracts/task-result.ts';
import { validate } from './json-api.ts';

/** JSON Schema counts characters, JavaScript half of an emoji. */
const characters = (max: number, min = 1) =>
  z.string().refine((text) => text.length >= min && [...text].length <= max, `must be ${min} to ${max} characters long`);

const link = characters(500).refine((text) => /^https?:\/\/[^\s/]/.test(text) && URL.canParse(text), 'must be an http(s) URL');

const label = z.strictObject({ label: characters(32), level: z.enum(['none', 'info', 'warning', 'error']).optional() });

const tags = z
  .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a letter or _, then letters, digits and _'), z.array(label).min(1).max(32))
  .refine((all) => Object.keys(all).length >= 1 && Object.keys(all).length <= 10, 'must have 1 to 10 keys');

const outcome = z.strictObject({
  type: z.literal('task-result-outcomes'),
  attributes: z.strictObject({
    'outcome-id': characters(64),
    'description': characters(1000),
    'body': characters(10_000).optional(),
    'url': link.optional(),
    'tags': tags.optional(),
  }),
});

const callbackBody = z.strictObject({
  data: z.strictObject({
    type: z.literal('task-results'),
    attributes: z.strictObject({
      status: z.enum(['running', 'passed', 'failed']),
      message: characters(1000).optional(),
      url: link.optional(),
    }),
    relationships: z.strictObject({ outcomes: z.strictObject({ data: z.array(outcome).min(1).max(250) }) }).optional(),
  }),
});

export interface Callback {
  readonly status: 'running' | 'passed' | 'failed';
  readonly message: string | null;
  readonly url: string | null;
  readonly outcomes: readonly Outcome[];
}

/** @throws {HcpApiError} 422 with everything that is wrong */
export function readCallbackBody(body: unknown): Callback {
  const { attributes, relationships } = validate(callbackBody, body).data;
  return {
    status: attributes.status,
    message: attributes.message ?? null,
    url: attributes.url ?? null,
    outcomes: (relationships?.outcomes.data ?? []).map(({ attributes: { 'outcome-id': outcomeId, description, body, url, tags } }) => ({
      outcomeId,
      description,
      ...(body === undefined ? {} : { body }),
      ...(url === undefined ? {} : { url }),
      ...(tags === undefined ? {} : { tags }),
    })),
  };
}
