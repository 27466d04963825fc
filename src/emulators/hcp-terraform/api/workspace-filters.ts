// Which workspaces a listing gives: by part of the name, wildcard, tags, project, in an order. Pure.
//
// Source: HashiCorp's OpenAPI, `listWorkspaces` (2026-08), and "Workspaces API" (read 2026-11).
import { readFlag } from '../query.ts';
import type { Workspace } from '../types.ts';
import { effectiveTags } from './workspace-documents.ts';

const TAGGED = /^filter\[tagged\]\[(\d+)\]\[(key|value)\]$/;

export const WORKSPACE_FILTERS: readonly (string | RegExp)[] = [
  'search[name]',
  'search[wildcard-name]',
  'search[tags]',
  'search[exclude-tags]',
  'filter[project][id]',
  'filter[tag-union]',
  'filter[tag-value-default-null]',
  TAGGED,
  'sort',
  'include',
];

export function filterWorkspaces(workspaces: readonly Workspace[], query: URLSearchParams): Workspace[] {
  const part = query.get('search[name]') ?? '';
  const wildcard = toPattern(query.get('search[wildcard-name]'));
  const [wanted, unwanted] = [split(query.get('search[tags]')), split(query.get('search[exclude-tags]'))];
  const project = query.get('filter[project][id]');
  const tagged = readTagged(query);
  const any = readFlag(query, 'filter[tag-union]');
  const found = workspaces.filter(
    (workspace) =>
      workspace.name.includes(part) &&
      (wildcard?.test(workspace.name) ?? true) &&
      wanted.every((tag) => workspace.tags.includes(tag)) &&
      !unwanted.some((tag) => workspace.tags.includes(tag)) &&
      (project === null || workspace.project.id === project) &&
      (tagged.length === 0 || (any ? tagged.some((tag) => has(workspace, tag)) : tagged.every((tag) => has(workspace, tag)))),
  );
  const direction = { 'name': 1, '-name': -1 }[query.get('sort') ?? ''];
  return direction === undefined ? found : found.sort((a, b) => direction * (a.name < b.name ? -1 : 1));
}

interface Tagged {
  readonly key: string;
  /** undefined: any value */
  readonly value: string | undefined;
}

function readTagged(query: URLSearchParams): Tagged[] {
  const byNumber = new Map<string, { key?: string; value?: string }>();
  for (const [name, text] of query) {
    const [, number, field] = TAGGED.exec(name) ?? [];
    if (number === undefined) continue;
    byNumber.set(number, { ...byNumber.get(number), [field!]: text });
  }
  const missing = readFlag(query, 'filter[tag-value-default-null]') ? '' : undefined;
  return [...byNumber.values()].flatMap(({ key, value }) => (key === undefined ? [] : [{ key, value: value ?? missing }]));
}

/** A flat tag is a key without value. */
function has(workspace: Workspace, { key, value }: Tagged): boolean {
  const tags = effectiveTags(workspace);
  if (Object.hasOwn(tags, key)) return value === undefined || tags[key] === value;
  return workspace.tags.includes(key) && (value === undefined || value === '');
}

const split = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const toPattern = (text: string | null): RegExp | null =>
  text === null
    ? null
    : new RegExp(
        `^${text
          .split('*')
          .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*')}$`,
      );
