// Every expected no of the relay, once: its HTTP status and its words. Texts hold nothing from the request.
import { RELAY_ERRORS, type RelayErrorCode } from '../../contracts/relay-api.ts';

export type HookRefusal =
  | 'unknown-task'
  | 'too-large'
  | 'broken-body'
  | 'signature-missing'
  | 'signature-mismatch'
  | 'wrong-content-type'
  | 'not-json'
  | 'no-usable-callback'
  | 'store-trouble';

export function toHookAnswer(refusal: HookRefusal): { status: 400 | 401 | 404 | 413 | 415 | 422 | 503; message: string } {
  switch (refusal) {
    case 'unknown-task':
      return { status: 404, message: 'No such run task here: compare the URL with the tasks in relay.yml.' };
    case 'too-large':
      return { status: 413, message: 'The body is larger than 1 MiB.' };
    case 'broken-body':
      return { status: 400, message: 'The body ended too early.' };
    case 'signature-missing':
      return { status: 401, message: 'X-TFC-Task-Signature is missing or empty: give the run task the HMAC key of relay.yml.' };
    case 'signature-mismatch':
      return { status: 401, message: 'X-TFC-Task-Signature does not fit the body: the HMAC keys of run task and relay.yml differ.' };
    case 'wrong-content-type':
      return { status: 415, message: 'Content-Type must be application/json.' };
    case 'not-json':
      return { status: 400, message: 'The body is not JSON in UTF-8.' };
    case 'no-usable-callback':
      return { status: 422, message: 'Not a run task request with a callback on an allowed host; the relay’s log says what is wrong.' };
    case 'store-trouble':
      return { status: 503, message: 'The relay cannot keep anything at the moment; please post again.' };
  }
}

/** What the action may say no to, with the one text that a person sees in the workflow's log. */
const API_TEXTS: Readonly<Record<RelayErrorCode, string>> = {
  'bad-request': 'The relay does not understand this call.',
  'unauthorized': 'The relay does not accept this token.',
  'not-found':
    'No such run task for this job. The relay looks at repository, workflow file, branch and event; its log says what differs. The workflow must be the one that relay.yml names, on the default branch.',
  'claimed-by-another': 'Another job has this run task: one run task, one job. To use several steps, use phases in one job.',
  'fenced': 'A later attempt of this workflow run has taken the run task over.',
  'version-mismatch': 'Action and relay speak different versions.',
  'unavailable': 'The relay cannot serve this at the moment; please ask again.',
};

export interface ApiRefusal {
  readonly code: RelayErrorCode;
  /** Instead of the code's own text. */
  readonly message?: string;
}

export const refuse = (code: RelayErrorCode, message?: string): ApiRefusal => ({ code, ...(message === undefined ? {} : { message }) });

export function toApiAnswer({ code, message }: ApiRefusal) {
  return { status: RELAY_ERRORS[code], body: { error: { code, message: message ?? API_TEXTS[code] } } };
}
