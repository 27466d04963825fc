// Unpacks the configuration of a run beside the workspace. How an untrusted archive is unpacked is archive/'s.
import { err, ok, type Result } from '../base/result.ts';
import { extractArchive, type Extracted } from '../archive/extract-archive.ts';

/** @param folder  must not exist yet */
export async function extractConfiguration(archive: string, folder: string): Promise<Result<Extracted, string>> {
  const extracted = await extractArchive(archive, folder);
  return extracted.ok ? ok(extracted.value) : err(`the configuration was not unpacked: ${extracted.error}`);
}
