// The harness itself: it must hold what is right, and name what is wrong. Flows use it in test/flow.
import { describe, expect, it } from '@jest/globals';
import { loadConformance, missingDescriptions } from './openapi.ts';

const describeHere = missingDescriptions === null ? describe : describe.skip;
const callback = '/api/v2/task-results/6c2f8a9e-0000-4000-8000-000000000000/callback?url_code=x';
const result = (attributes: object, outcomes?: readonly object[]) => ({
  data: { type: 'task-results', attributes, ...(outcomes === undefined ? {} : { relationships: { outcomes: { data: outcomes } } }) },
});
const outcome = {
  type: 'task-result-outcomes',
  attributes: { 'outcome-id': 'A-1', 'description': 'one line', 'body': '# x', 'tags': { Status: [{ label: 'Failed', level: 'error' }] } },
};
const comment = '/api/v3/repos/acme/net/issues/7/comments';

describeHere(
  `conformance with the published descriptions${missingDescriptions === null ? '' : ` (skipped: ${missingDescriptions})`}`,
  () => {
    const conformance = missingDescriptions === null ? loadConformance() : null;
    const request = (...args: Parameters<NonNullable<typeof conformance>['checkRequest']>) => conformance?.checkRequest(...args);
    const response = (...args: Parameters<NonNullable<typeof conformance>['checkResponse']>) => conformance?.checkResponse(...args);

    it('holds a callback with outcomes', () => {
      expect(request('hcp', 'PATCH', callback, result({ status: 'failed', message: 'no', url: 'https://example.com' }, [outcome]))).toEqual(
        [],
      );
    });

    it.each([
      ['a status that nobody knows', result({ status: 'skipped' }), '/data/attributes/status'],
      ['a misspelled attribute', result({ status: 'passed', mesage: 'x' }), 'mesage'],
      ['an attribute that only HCP writes', result({ 'status': 'passed', 'task-name': 'x' }), 'task-name'],
      ['another type', { data: { type: 'results', attributes: {} } }, '/data/type'],
      ['a number for a message', result({ status: 'passed', message: 3 }), '/data/attributes/message'],
      [
        'outcomes under the name of the description',
        { data: { ...result({ status: 'passed' }).data, relationships: { 'task-result-outcomes': { data: [outcome] } } } },
        'task-result-outcomes',
      ],
      ['tags that are a list', result({ status: 'passed' }, [{ ...outcome, attributes: { ...outcome.attributes, tags: [] } }]), '/tags'],
      [
        'an outcome with a misspelled id',
        result({ status: 'passed' }, [{ type: outcome.type, attributes: { outcome_id: 'A' } }]),
        'outcome_id',
      ],
      ['no body', undefined, 'missing'],
    ])('refuses a callback with %s', (_name, body, place) => {
      expect(request('hcp', 'PATCH', callback, body)?.join('\n')).toContain(place);
    });

    it('holds the answers of a callback, and names a wrong one', () => {
      expect(response('hcp', 'PATCH', callback, 200, result({ 'status': 'passed', 'task-name': 'gate', 'message': null }))).toEqual([]);
      expect(response('hcp', 'PATCH', callback, 409, { errors: [{ status: '409', title: 'conflict' }] })).toEqual([]);
      expect(response('hcp', 'PATCH', callback, 409, { errors: [{ status: 409 }] })).toEqual([expect.stringContaining('/errors/0/status')]);
      expect(response('hcp', 'PATCH', callback, 200, { data: {} })).toEqual([expect.stringContaining('type')]);
    });

    it('holds a dispatch and refuses what GitHub refuses', () => {
      const dispatches = '/repos/acme/net/dispatches';
      expect(request('github', 'POST', dispatches, { event_type: 'x', client_payload: { version: 1 } })).toEqual([]);
      expect(response('github', 'POST', dispatches, 204, undefined)).toEqual([]);
      const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, index]));
      expect(request('github', 'POST', dispatches, { event_type: 'x', client_payload: eleven })?.join()).toContain('/client_payload');
      expect(request('github', 'POST', dispatches, { event_type: 'x'.repeat(101) })?.join()).toContain('/event_type');
      expect(request('github', 'POST', dispatches, { event_type: 'x', payload: {} })?.join()).toContain('payload');
      expect(response('github', 'POST', dispatches, 202, undefined)).toEqual([expect.stringContaining('202')]);
      expect(response('github', 'POST', dispatches, 502, undefined)).toEqual([]);
    });

    it('finds operations behind the prefixes and prefers a literal segment', () => {
      expect(conformance?.operation('github', 'POST', `${comment}?per_page=100`)).toEqual({ id: expect.stringContaining('comment') });
      expect(conformance?.operation('hcp', 'GET', '/api/v2/tasks/integrations')).not.toEqual(
        conformance?.operation('hcp', 'GET', '/api/v2/tasks/task-1'),
      );
      expect(conformance?.operation('github', 'PUT', '/repos/a/b/contents/.github/workflows/x.yml')).toEqual({
        id: expect.stringContaining('contents'),
      });
      expect(conformance?.operation('github', 'GET', '/repositories/12')).toEqual({ outside: expect.stringContaining('repository') });
      expect(conformance?.operation('github', 'DELETE', '/repos/a/b')).toBeNull();
    });

    it('sums up what an emulator saw', () => {
      const seen = [
        { method: 'POST', path: comment, body: '{"body":"x"}', status: 403, responseBody: '' },
        { method: 'POST', path: comment, body: '{"text":"x"}', status: 500, responseBody: '' },
        { method: 'POST', path: comment, body: '{"nonsense":1}', status: 422, responseBody: '{"message":"no","documentation_url":"u"}' },
        { method: 'GET', path: '/repositories/1', body: '', status: 200, responseBody: '{}' },
        { method: 'GET', path: '/nowhere?x=1', body: '', status: 404, responseBody: '' },
      ];
      const summary = conformance?.checkSeen('github', seen);
      expect(summary).toEqual({ violations: expect.any(Array), unknown: ['GET /nowhere'], checked: ['issues/create-comment'] });
      expect(summary?.violations.join('\n')).toMatch(/must have required property 'body'[\s\S]*text/);
      expect(summary?.violations.join('\n')).not.toContain('nonsense');
    });
  },
);
