// Secrets and variables of a repository, and what its jobs see of them.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createStage, seal, type Stage } from './stage.ts';

const SHOWS = `on: repository_dispatch
jobs:
  a:
    runs-on: x
    steps:
      - run: test "$GOT" = "sesame, open" && echo "place=$PLACE" >> "$GITHUB_OUTPUT"
        id: show
        env: { GOT: "\${{ secrets.GATE_KEY }}", PLACE: "\${{ vars.PLACE }}" }
`;

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
  stage.github.createRepository({
    owner: 'acme',
    name: 'net',
    files: { '.github/workflows/a.yml': SHOWS },
    variables: { place: 'here' },
  });
});
afterEach(() => stage.close());

const secrets = '/repos/acme/net/actions/secrets';
const variables = '/repos/acme/net/actions/variables';
const publicKey = async () => (await stage.call('GET', `${secrets}/public-key`)).body as { key_id: string; key: string };

/** Sealed as GitHub's documentation says, unless the test sends something else. */
async function putSecret(name: string, value: string, more: object = {}) {
  const { key, key_id } = await publicKey();
  return stage.call('PUT', `${secrets}/${name}`, { body: { encrypted_value: await seal(value, key), key_id, ...more } });
}

describe('a secret', () => {
  it('that arrived sealed is what the job sees, masked in its log', async () => {
    expect((await putSecret('gate_key', 'sesame, open')).status).toBe(201);
    await stage.dispatch();
    await stage.github.idle();
    const job = stage.github.runs[0]?.jobs[0];
    expect(job).toMatchObject({ conclusion: 'success', steps: [{ outputs: { place: 'here' } }] });
    expect(job?.log).not.toContain('sesame');
  });

  it('is told by name and time, never by value', async () => {
    const made = '2026-11-22T10:00:00Z';
    await stage.clock.advance(Date.parse(made) - stage.clock.now());
    await putSecret('GATE_KEY', 'first-value');
    await stage.clock.advance(60_000);
    expect((await putSecret('Gate_Key', 'second-value')).status).toBe(204);
    await putSecret('A_KEY', 'third-value');
    const changed = '2026-11-22T10:01:00Z';
    const gateKey = { name: 'GATE_KEY', created_at: made, updated_at: changed };
    expect((await stage.call('GET', `${secrets}/gate_key`)).body).toEqual(gateKey);
    expect((await stage.call('GET', secrets)).body).toEqual({
      total_count: 2,
      secrets: [{ name: 'A_KEY', created_at: changed, updated_at: changed }, gateKey],
    });
    expect(stage.github.getRepository('acme/net').secrets.get('GATE_KEY')?.value).toBe('second-value');
    for (const { responseBody } of stage.github.seen) expect(responseBody).not.toContain('value');
    expect((await stage.call('DELETE', `${secrets}/GATE_KEY`)).status).toBe(204);
    expect((await stage.call('DELETE', `${secrets}/GATE_KEY`)).status).toBe(404);
    expect((await stage.call('GET', `${secrets}/GATE_KEY`)).status).toBe(404);
  });

  it('is refused when it was not sealed for this repository', async () => {
    stage.github.createRepository({ owner: 'acme', name: 'other' });
    const other = (await stage.call('GET', '/repos/acme/other/actions/secrets/public-key')).body as { key: string };
    const refused = { status: 422, body: { message: 'Bad request - validation failed due to an improperly encrypted secret' } };
    expect(await putSecret('KEY', 'v', { encrypted_value: await seal('v', other.key) })).toMatchObject(refused);
    expect(await putSecret('KEY', 'v', { encrypted_value: Buffer.from('plain text').toString('base64') })).toMatchObject(refused);
    expect(await putSecret('KEY', 'v', { key_id: '1' })).toMatchObject(refused);
    expect((await putSecret('KEY', 'v', { key_id: undefined })).status).toBe(422);
    expect((await stage.call('GET', `${secrets}/KEY`)).status).toBe(404);
  });

  it.each(['GITHUB_KEY', '1KEY', 'A-KEY', 'A%20KEY'])('may not be called %s', async (name) => {
    expect((await putSecret(name, 'v')).status).toBe(422);
  });

  it('is no larger than 48 KB, and one of 100', async () => {
    expect((await putSecret('BIG', 'x'.repeat(48 * 1024))).status).toBe(201);
    expect((await putSecret('BIGGER', 'x'.repeat(48 * 1024 + 1))).status).toBe(422);
    for (let i = 1; i < 100; i++) expect((await putSecret(`KEY_${i}`, 'v')).status).toBe(201);
    expect((await putSecret('ONE_MORE', 'v')).status).toBe(422);
    expect((await putSecret('KEY_7', 'w')).status).toBe(204);
  });
});

describe('a variable', () => {
  it('is made, changed and deleted by calls of their own, whatever the case of its name', async () => {
    expect((await stage.call('GET', `${variables}/place`)).body).toMatchObject({ name: 'PLACE', value: 'here' });
    expect((await stage.call('POST', variables, { body: { name: 'place', value: 'there' } })).status).toBe(409);
    expect((await stage.call('POST', variables, { body: { name: 'GITHUB_X', value: 'a' } })).status).toBe(422);
    expect((await stage.call('POST', variables, { body: { name: 'Other', value: 'a' } })).status).toBe(201);
    expect((await stage.call('PATCH', `${variables}/NONE`, { body: { value: 'a' } })).status).toBe(404);
    expect((await stage.call('PATCH', `${variables}/PLACE`, { body: { name: 'other' } })).status).toBe(409);
    expect((await stage.call('PATCH', `${variables}/place`, { body: { value: 'there' } })).status).toBe(204);
    expect((await stage.call('PATCH', `${variables}/place`, { body: { value: 'x'.repeat(48 * 1024 + 1) } })).status).toBe(422);
    expect((await stage.call('GET', variables)).body).toMatchObject({
      total_count: 2,
      variables: [
        { name: 'OTHER', value: 'a' },
        { name: 'PLACE', value: 'there' },
      ],
    });
    expect((await stage.call('DELETE', `${variables}/Place`)).status).toBe(204);
    expect((await stage.call('GET', `${variables}/PLACE`)).status).toBe(404);
  });

  it('is seen by the next job', async () => {
    await putSecret('GATE_KEY', 'sesame, open');
    await stage.call('PATCH', `${variables}/PLACE`, { body: { value: 'there' } });
    await stage.dispatch();
    await stage.github.idle();
    expect(stage.github.runs[0]?.jobs[0]?.steps[0]?.outputs).toEqual({ place: 'there' });
  });

  it('is listed by tens, thirty at most: other lists have more', async () => {
    for (let i = 0; i < 39; i++) await stage.call('POST', variables, { body: { name: `V${i}`, value: String(i) } });
    const list = async (query: string) => {
      const { headers, body } = await stage.call('GET', variables + query);
      return { ...(body as { total_count: number; variables: object[] }), link: headers.get('link') };
    };
    expect((await list('')).variables).toHaveLength(10);
    const first = await list('?per_page=100');
    expect([first.total_count, first.variables.length]).toEqual([40, 30]);
    expect(first.link).toContain('page=2>; rel="next"');
    const second = await list('?per_page=100&page=2');
    expect([second.variables.length, second.link?.includes('rel="next"')]).toEqual([10, false]);
  });
});
