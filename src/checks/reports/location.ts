// Where a finding of a report is: a file of the configuration, and a resource of the plan. Pure.
//
// Both are shown as links and annotations, and exceptions go by address. The report is about untrusted code: a path must stay inside the
// configuration, an address must exist in the plan. Otherwise there is none; the finding itself stays. No address is ever guessed from
// the words of a message: whoever names a bucket after an excepted address would be excepted with it.
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isErrorLike } from '../../base/fault.ts';
import type { FindingDraft } from '../kind.ts';
import { withoutKeys } from '../select/addresses.ts';
import type { ReportContext } from './report.ts';

/** The first of the candidates that the plan has. */
export function addressOf(candidates: readonly (string | null)[], { actions }: ReportContext): Pick<FindingDraft, 'address' | 'action'> {
  const address = candidates.find((candidate) => candidate !== null && actions.has(candidate)) ?? null;
  return { address, action: address === null ? null : (actions.get(address) ?? null) };
}

/**
 * Of a tool that may have read source files: there a resource is called as in its module. A name that a resource in a module has too is no
 * address, or a public bucket in a module would have the exceptions of the bucket of that name in the root.
 */
export function addressInSource(candidates: readonly (string | null)[], context: ReportContext): Pick<FindingDraft, 'address' | 'action'> {
  const isLocal = (name: string): boolean => context.namesInModules.has(withoutKeys(name));
  return addressOf(
    candidates.filter((candidate) => candidate === null || !isLocal(candidate)),
    context,
  );
}

/** Did the tool look at the plan itself? Its file may be told by another way there. */
export const isPlanFile = (path: string, { planPath }: Pick<ReportContext, 'planPath'>): boolean =>
  planPath !== null && baseName(path) === baseName(planPath);

const baseName = (path: string): string => posix.basename(path.replaceAll('\\', '/'));

/** @param uri  a URI reference, percent-encoded, as SARIF has it */
export function fileOfUri(uri: string, context: ReportContext): string | null {
  const path = toPath(uri);
  return path === null ? null : fileOfPath(path, context);
}

export function fileOfPath(path: string, { roots, planPath }: ReportContext): string | null {
  if (path.includes('\0') || path.length > 1024) return null;
  const normal = posix.normalize(path.replaceAll('\\', '/'));
  if (isPlanFile(normal, { planPath })) return null;
  const relative = posix.isAbsolute(normal) || /^[A-Za-z]:/.test(normal) ? insideRoot(normal, roots) : normal;
  return relative === null || relative === '.' || relative === '..' || relative.startsWith('../') ? null : relative;
}

/** null: no line. */
export const lineOf = (value: number | null): number | null => (value !== null && Number.isSafeInteger(value) && value >= 1 ? value : null);

export function webUrl(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  return ['https:', 'http:'].includes(new URL(text).protocol) ? text : null;
}

function toPath(uri: string): string | null {
  try {
    if (/^file:/i.test(uri)) return fileURLToPath(uri);
    return /^[a-z][a-z0-9+.-]+:/i.test(uri) ? null : decodeURIComponent(uri);
  } catch (error) {
    // `%zz`, `file://host/…`: no path of ours.
    if (isErrorLike(error) && (error.name === 'URIError' || error.name === 'TypeError')) return null;
    throw error;
  }
}

function insideRoot(path: string, roots: readonly string[]): string | null {
  for (const root of roots) {
    const relative = posix.relative(root.replaceAll('\\', '/'), path);
    if (relative !== '' && !relative.startsWith('..') && !posix.isAbsolute(relative)) return relative;
  }
  return null;
}
