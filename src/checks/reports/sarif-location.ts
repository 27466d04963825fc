// Where a SARIF result points: logical locations name resources, physical ones files and lines. Pure.
import type { FindingDraft } from '../kind.ts';
import { listOf, numberOf, objectOf, textOf, type Dict } from '../loose-json.ts';
import { addressInSource, addressOf, fileOfUri, isPlanFile, lineOf } from './location.ts';
import type { ReportContext } from './report.ts';

export function readLocation(result: Dict, run: Dict, context: ReportContext): Pick<FindingDraft, 'address' | 'action' | 'file' | 'line'> {
  const locations = (listOf(result['locations']) ?? []).map(objectOf).filter((location) => location !== null);
  const place = locations.map((location) => placeIn(location, run, context)).find((found) => found !== null) ?? null;
  const isOfPlan = locations.length > 0 && locations.every((location) => isPlanFile(uriIn(location, run) ?? '', context));
  const address = (isOfPlan ? addressOf : addressInSource)(locations.flatMap(logicalNames), context);
  return { ...address, file: place?.file ?? null, line: place?.line ?? null };
}

const logicalNames = (location: Dict): (string | null)[] =>
  (listOf(location['logicalLocations']) ?? [])
    .map(objectOf)
    .flatMap((logical) => [textOf(logical?.['fullyQualifiedName']), textOf(logical?.['name'])]);

function placeIn(location: Dict, run: Dict, context: ReportContext): { file: string; line: number | null } | null {
  const uri = uriIn(location, run);
  const file = uri === null ? null : fileOfUri(uri, context);
  if (file === null) return null;
  return { file, line: lineOf(numberOf(objectOf(objectOf(location['physicalLocation'])?.['region'])?.['startLine'])) };
}

const uriIn = (location: Dict, run: Dict): string | null =>
  uriOf(objectOf(objectOf(location['physicalLocation'])?.['artifactLocation']), run, 0);

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
