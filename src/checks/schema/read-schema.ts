// A schema that stands in a file of its own, JSON or YAML, inside the folder that the checks file belongs to.
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { formatDiagnostic } from '../../base/diagnostics.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { readYaml } from '../../documents/read-yaml.ts';
import { objectOf, type Dict } from '../loose-json.ts';

// Written by hand; more is a mistake.
const MAX_BYTES = 1024 * 1024;

/** @param file  relative to `baseDir`
 *  @returns an error as a sentence */
export async function readSchemaFile(baseDir: string, file: string): Promise<Result<Dict, string>> {
  const text = await readInside(baseDir, file);
  if (!text.ok) return err(`The schema ${file} ${text.error}`);
  // YAML 1.2 reads JSON too.
  const document = readYaml(text.value, { file, called: 'The schema', mayQuote: true });
  if (!document.ok) return err(`The schema ${file} cannot be read: ${document.error.slice(0, 3).map(formatDiagnostic).join('; ')}`);
  const schema = objectOf(document.value.value);
  return schema === null ? err(`The schema ${file} is no map of keywords`) : ok(schema);
}

/** A link that leads out of the checkout would make somebody else's file a part of the gate. */
async function readInside(baseDir: string, file: string): Promise<Result<string, string>> {
  try {
    const path = await realpath(join(baseDir, file));
    const way = relative(await realpath(baseDir), path);
    if (way.startsWith('..') || isAbsolute(way)) return err('leads out of the repository');
    const handle = await open(path, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return err('is no file');
      if (stat.size > MAX_BYTES) return err(`is too large: ${stat.size} bytes, ${MAX_BYTES} are read`);
      return ok(await handle.readFile('utf8'));
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown fault';
    return err(
      code === 'ENOENT' || code === 'ENOTDIR'
        ? 'is not there: its path begins at the folder of the repository'
        : `cannot be read (${code})`,
    );
  }
}
