import { afterEach, describe, expect, it } from '@jest/globals';
import { arrange, patch, type Scene } from './arrange.ts';

describe('the pages that payloads link to', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  it('show a run with its results and outcomes, as text, and no secret', async () => {
    scene = await arrange();
    const run = await scene.startPosted({ message: '<script>alert(1)</script>' });
    const result = run.taskResults[0]!;
    await patch(result.callbackUrl, result.accessToken, {
      data: {
        type: 'task-results',
        attributes: { status: 'failed', message: 'no & never', url: 'https://ci/"onclick=' },
        relationships: {
          outcomes: {
            data: [
              {
                type: 'task-result-outcomes',
                attributes: { 'outcome-id': 'A-1', 'description': '<b>', 'body': '<img>', 'tags': { Status: [{ label: 'Denied' }] } },
              },
            ],
          },
        },
      },
    });
    const { run_app_url: runUrl, workspace_app_url: workspaceUrl } = scene.relay.received[0]!.payload;
    const page = await fetch(String(runUrl));
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    for (const text of ['no &amp; never', '&lt;script&gt;', 'A-1 &lt;b&gt;', 'Status: Denied', '&lt;img&gt;', 'https://ci/&quot;onclick='])
      expect(html).toContain(text);
    for (const text of ['<script>', '<img>', result.accessToken, result.callbackId]) expect(html).not.toContain(text);
    expect(await (await fetch(String(workspaceUrl))).text()).toContain(`/app/acme/net/runs/${run.id}"`);
  });

  it('answer 404 for what does not exist', async () => {
    scene = await arrange();
    const run = await scene.startPosted();
    for (const path of ['/app/acme/none', `/app/other/net/runs/${run.id}`, '/app/acme/net/runs/run-none', '//', '/%zz'])
      expect((await fetch(`${scene.hcp.url}${path}`)).status).toBe(404);
  });
});
