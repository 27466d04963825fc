// A section on its way to and from whoever keeps it: at three lengths, with a digest that is equal for sections that say the same; and
// apart from these what is one workspace's own.
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { cut } from '../../base/cut.ts';
import { SECTION_LIMITS, type SectionRequest } from '../../contracts/relay-api.ts';
import { sectionSchema, type Listed, type Phrase, type Section, type Segment } from './data.ts';
import { bareSection, fillSection } from './fill.ts';
import { sectionJson } from './json.ts';
import type { ItemOffer, Offer, RowOffer } from './offer.ts';

const ownSchema = z.object({ workflow: z.string().nullable().default(null), at: z.string().nullable().default(null) });

export function writeSection(section: Section): Pick<SectionRequest, 'digest' | 'large' | 'medium' | 'small' | 'own'> {
  const { workflow, state } = section;
  const shared: Section = { ...section, workflow: null, state: { ...state, at: null } };
  const at = (maxBytes: number): string => sectionJson(shortened(shared, maxBytes));
  const own = sectionJson({ workflow, at: state.at });
  return {
    digest: digestOf(section),
    large: at(SECTION_LIMITS.large),
    medium: at(SECTION_LIMITS.medium),
    small: at(SECTION_LIMITS.small),
    own: Buffer.byteLength(own) <= SECTION_LIMITS.own ? own : '{}',
  };
}

/** @returns null: written by another version, or nothing that we wrote */
export const readSection = (text: string): Section | null => read(text, sectionSchema);

/** The same with what is its workspace's own, where that can be read. */
export function withOwn(section: Section, own: string): Section {
  const { workflow, at } = read(own, ownSchema) ?? { workflow: null, at: null };
  return { ...section, workflow, state: { ...section.state, at } };
}

function read<T>(text: string, schema: z.ZodType<T>): T | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : null;
}

/** Of all that a section says but for its workflow and the time. What was left out was not compared: such a section equals only itself. */
function digestOf(section: Section): string {
  const { workflow: _workflow, state, ...said } = section;
  const text = sectionJson(isWhole(section) ? { ...said, state: state.kind } : section);
  return createHash('sha256').update(text).digest('base64url');
}

function isWhole({ checks, conditions, quiet, waivers, plan }: Section): boolean {
  const lists = [checks.failed, ...checks.failed.items.map(({ findings }) => findings), checks.broken, conditions, quiet, waivers];
  if (lists.some(({ more }) => more > 0)) return false;
  if (plan === null) return true;
  const resources = Object.values(plan.tally).reduce((sum, count) => sum + count, 0);
  return (
    plan.resources.length === resources &&
    [plan.outputs, plan.invocations, plan.deferred, plan.drift].every(({ more }) => more === 0) &&
    [...plan.resources, ...plan.invocations.items, ...plan.drift.items].every(({ body }) => body !== undefined)
  );
}

/** What a section tells in any case may take this part of it; with longer names than anybody gives, they are cut. */
const HEAD_SHARE = 0.6;
const LONGEST = 2000;
const TEXT_LENGTHS = [LONGEST, 300, 100, 20, 0];

function shortened(section: Section, maxBytes: number): Section {
  for (const maxText of TEXT_LENGTHS) {
    const offer = withShortTexts(toOffer(section), maxText);
    if (Buffer.byteLength(sectionJson(bareSection(offer))) <= maxBytes * HEAD_SHARE || maxText === 0) return fillSection(offer, maxBytes);
  }
  return section;
}

function toOffer({ checks, plan, ...section }: Section): Offer {
  return {
    ...section,
    checks: {
      ...checks,
      failed: {
        more: checks.failed.more,
        items: checks.failed.items.map((check) => ({
          check: { ...check, findings: { items: [], more: check.findings.more }, help: [] },
          findings: check.findings.items,
          help: check.help,
        })),
      },
    },
    plan:
      plan === null
        ? null
        : {
            ...plan,
            resources: plan.resources.map((resource) => ({ group: resource.group, ...withOrWithout(resource) })),
            outputs: rowOf(plan.outputs, (line) => ({ line: () => line, full: null })),
            deferred: rowOf(plan.deferred, (line) => ({ line: () => line, full: null })),
            invocations: rowOf(plan.invocations, withOrWithout),
            drift: rowOf(plan.drift, withOrWithout),
          },
  };
}

const rowOf = <T>({ items, more }: Listed<T>, offer: (item: T) => ItemOffer<T>): RowOffer<T> => ({ items: items.map(offer), more });

/** An empty body is no burden: it says that there is none. */
function withOrWithout<T extends { body?: string[] | undefined }>(item: T): ItemOffer<T> {
  if (item.body === undefined || item.body.length === 0) return { line: () => item, full: null };
  const { body: _body, ...bare } = item;
  return { line: () => bare as T, full: () => item };
}

function withShortTexts(offer: Offer, max: number): Offer {
  const address = (url: string | null): string | null => (url === null || url.length > max ? null : url);
  const short = (phrase: Phrase): Phrase => phrase.map((segment) => shortSegment(segment, max));
  const { commit, plan, headline } = offer;
  return {
    ...offer,
    commit: commit === null ? null : { sha: cut(commit.sha, max), url: address(commit.url) },
    workflow: address(offer.workflow),
    headline: { checks: cut(headline.checks, max), plan: cut(headline.plan, max) },
    notices: max === 0 ? [] : offer.notices.map(short),
    sources: max < LONGEST ? { items: [], more: offer.sources.more + offer.sources.items.length } : offer.sources,
    terraform: offer.terraform === null ? null : cut(offer.terraform, max),
    plan: plan === null ? null : { ...plan, line: cut(plan.line, max), effect: plan.effect === null ? null : cut(plan.effect, max) },
  };
}

function shortSegment(segment: Segment, max: number): Segment {
  if (typeof segment === 'string') return cut(segment, max);
  return 'code' in segment ? { code: cut(segment.code, max) } : { bold: cut(segment.bold, max) };
}
