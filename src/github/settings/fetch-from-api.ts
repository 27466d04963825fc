// A fetch that hears GitHub's API and nothing else. What a proxy answers in its place counts as no answer, and no request is carried to another
// host: the body of one may be a secret that was sealed for a key which that host has made up.
import { NotTheApi } from './fault.ts';

/** A renamed repository redirects once; more is a circle. */
const MAX_REDIRECTS = 3;

/** @throws {NotTheApi} for an answer that is not the API's, and for a redirect elsewhere */
export function fetchFromApi(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : input);
    const { origin } = url;
    const method = init?.method?.toUpperCase() ?? 'GET';
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const response = await send(url, { ...init, redirect: 'manual' });
      const location = response.headers.get('location');
      if (![301, 302, 307, 308].includes(response.status) || location === null) return expectApi(response);
      await response.body?.cancel();
      // fetch would make a GET of a POST here, whose 200 would say that it was done.
      if (method !== 'GET' && response.status < 307) throw new NotTheApi();
      if (!URL.canParse(location, url.href) || new URL(location, url).origin !== origin) throw new NotTheApi();
      url = new URL(location, url);
    }
    throw new NotTheApi();
  };
}

/** A page with status 200 (a login) says nothing of what became of a request. GitHub's answers are JSON, or empty. */
async function expectApi(response: Response): Promise<Response> {
  const type = response.headers.get('content-type');
  const isApi = response.status === 204 || (type === null && response.status === 201) || type?.includes('json') === true;
  if (!response.ok || isApi) return response;
  await response.body?.cancel();
  throw new NotTheApi();
}
