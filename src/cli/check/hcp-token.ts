// The user's own token for a host, where the terraform CLI has it too. A token goes to the host that it is of and to no other: the
// address of a run may have come by mail.
//
// Source: HashiCorp, "CLI configuration", credentials and environment variable credentials (read 2026-11-22).
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { err, ok, type Result } from '../../base/result.ts';

const credentialsSchema = z.object({ credentials: z.record(z.string(), z.object({ token: z.string().optional() })).optional() });

/** @param host  with a port where it is not the default */
export async function findHcpToken(host: string, env: NodeJS.ProcessEnv, home: string): Promise<Result<string, string>> {
  const variable = `TF_TOKEN_${host.replaceAll('-', '__').replaceAll('.', '_')}`;
  const ofHost = isAmbiguous(host) ? undefined : env[variable];
  const fromEnv = ofHost ?? ((env['TFE_HOSTNAME'] ?? 'app.terraform.io') === host ? env['TFE_TOKEN'] : undefined);
  if (fromEnv !== undefined && fromEnv !== '') return ok(fromEnv);
  const stored = await readStored(join(home, '.terraform.d', 'credentials.tfrc.json'), host);
  return stored !== null
    ? ok(stored)
    : err(
        `there is no token for ${host}: run \`terraform login ${host}\`, or set ${/[:]/.test(host) ? 'TFE_TOKEN and TFE_HOSTNAME' : variable}`,
      );
}

/**
 * Terraform writes `-` as `__` and `.` as `_`: the token of tfe-acme.com is TF_TOKEN_tfe__acme_com, and so would that of tfe_.acme.com be,
 * which whoever has acme.com can set up under a wildcard certificate. No host that people have a Terraform on is written so.
 */
const isAmbiguous = (host: string): boolean => /_|\.\./.test(host);

async function readStored(file: string, host: string): Promise<string | null> {
  try {
    const credentials = credentialsSchema.parse(JSON.parse(await readFile(file, 'utf8'))).credentials ?? {};
    return Object.hasOwn(credentials, host) ? (credentials[host]?.token ?? null) : null;
  } catch {
    // Absent, or not as the terraform CLI writes it: either way nothing of it can be used, and the caller says what to do.
    return null;
  }
}
