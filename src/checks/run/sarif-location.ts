// Where a SARIF result points: a file of the configuration with its line, and a resource of the plan. Pure.
//
// Both are shown as links and annotations, and the report is about untrusted code: a path must stay inside the configuration, an
// address must exist in the plan. Otherwise there is none; the finding itself stays.
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isErrorLike } from '../../base/fault.ts';
import type { FindingDraft } from '../kind.ts';
import { listOf, numberOf, objectOf, textOf, type Dict } from '../loose-json.ts';

export interface LocationContext {
  /** Every address of the plan, with its action. */
  readonly actions: ReadonlyMap<string, string>;
  /** Folders whose files may be named; an absolute path inside one is told relative to it. */
  readonly roots: readonly string[];
  /** A finding on the plan itself is on no file that a person has. */
  readonly planPath: string | null;
}

export function readLocation(
  result: Dict,
  run: Dict,
  context: LocationContext,
): Pick<FindingDraft, 'address' | 'action' | 'file' | 'line'> {
  const locations = (listOf(result['locations']) ?? []).map(objectOf).filter((location) => location !== null);
  const address = locations.map((location) => addressIn(location, context)).find((found) => found !== null) ?? null;
  const place = locations.map((location) => placeIn(location, run, context)).find((found) => found !== null) ?? null;
  return {
    address,
    action: address === null ? null : (context.actions.get(address) ?? null),
    file: place?.file ?? null,
    line: place?.line ?? null,
  };
}

function addressIn(location: Dict, { actions }: LocationContext): string | null {
  for (const item of listOf(location['logicalLocations']) ?? []) {
    const logical = objectOf(item);
    for (const name of [textOf(logical?.['fullyQualifiedName']), textOf(logical?.['name'])])
      if (name !== null && actions.has(name)) return name;
  }
  return null;
}

function placeIn(location: Dict, run: Dict, context: LocationContext): { file: string; line: number | null } | null {
  const physical = objectOf(location['physicalLocation']);
  const artifact = objectOf(physical?.['artifactLocation']);
  const uri = uriOf(artifact, run, 0);
  const file = uri === null ? null : confine(uri, context);
  if (file === null) return null;
  const line = numberOf(objectOf(physical?.['region'])?.['startLine']);
  return { file, line: line !== null && Number.isSafeInteger(line) && line >= 1 ? line : null };
}

/** 3.4: a URI, or an index into the run's artifacts; relative to a base that may itself be relative to another. */
function uriOf(artifact: Dict | null, run: Dict, depth: number): string | null {
  // Bases that refer to each other in a circle have no end.
  if (artifact === null || depth > 8) return null;
  const uri = textOf(artifact['uri']);
  if (uri === null) {
    const index = numberOf(artifact['index']);
    const listed = index === null ? null : objectOf(objectOf(listOf(run['artifacts'])?.[index])?.['location']);
    return listed === null ? null : uriOf(listed, run, depth + 1);
  }
  const baseId = textOf(artifact['uriBaseId']);
  if (baseId === null || /^[a-z][a-z0-9+.-]*:/i.test(uri)) return uri;
  const bases = objectOf(run['originalUriBaseIds']);
  const base = bases !== null && Object.hasOwn(bases, baseId) ? uriOf(objectOf(bases[baseId]), run, depth + 1) : null;
  return base === null ? uri : `${base.replace(/\/?$/, '/')}${uri}`;
}

function confine(uri: string, { roots, planPath }: LocationContext): string | null {
  const path = toPath(uri);
  if (path === null || path.includes('\0') || path.length > 1024) return null;
  const normal = posix.normalize(path.replaceAll('\\', '/'));
  if (planPath !== null && (normal === planPath || posix.basename(normal) === posix.basename(planPath.replaceAll('\\', '/')))) return null;
  const relative = posix.isAbsolute(normal) || /^[A-Za-z]:/.test(normal) ? insideRoot(normal, roots) : normal;
  return relative === null || relative === '.' || relative === '..' || relative.startsWith('../') ? null : relative;
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
