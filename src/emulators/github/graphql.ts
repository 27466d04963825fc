// The one GraphQL question a run task asks: who am I? Everything else is answered with GitHub's error form.
import { authorOf } from './access.ts';
import { type Answer, json } from './answers.ts';
import type { Identity } from './model.ts';
import type { World } from './world.ts';

export function answerGraphql(world: World, identity: Identity, body: string): Answer {
  const query = readQuery(body);
  if (query === null) return json(400, { message: 'Problems parsing JSON', documentation_url: 'https://docs.github.com/graphql' });
  if (identity.kind === 'app') return json(401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/graphql' });
  if (!/^\s*(query\b[^{]*)?\{\s*viewer\s*\{\s*(__typename\s+)?login\s*\}\s*\}\s*$/.test(query))
    return json(200, { errors: [{ type: 'NOT_EMULATED', message: 'The emulated GitHub answers `viewer { login }` only.' }] });
  const login = authorOf(world, identity).login;
  return json(200, { data: { viewer: { login } } });
}

function readQuery(body: string): string | null {
  try {
    const parsed = JSON.parse(body) as unknown;
    const query = typeof parsed === 'object' && parsed !== null && 'query' in parsed ? parsed.query : undefined;
    return typeof query === 'string' ? query : null;
  } catch {
    return null; // answered as GitHub answers what is no JSON
  }
}
