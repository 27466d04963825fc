// How a file that people keep in a repository names a secret. Schema only; reading is in documents/secrets.ts.
import * as z from 'zod';

/** A secret is never written into the file itself: it stands in a file of its own or in the environment. */
export const secretSchema = z.union([z.strictObject({ file: z.string().min(1) }), z.strictObject({ env: z.string().min(1) })]);
