// What the attributes of a run task may be, before HCP is asked. Pure. Says nothing of a key but its length.
import { checkTransport } from '../../hcp/hosts.ts';
import { DESCRIPTION_MAX, VERSION_MAX, hasMark } from './run-task-mark.ts';

/** https: what HCP posts holds an access token that reads the whole plan. */
export function checkUrl(url: string) {
  const remedy = 'Write https://relay.example.com/hooks/gate';
  if (!URL.canParse(url)) return [{ summary: 'This is no URL', detail: remedy }];
  const problem = checkTransport(new URL(url));
  return problem === null ? [] : [{ summary: `The URL ${problem}`, detail: `${remedy}. What is posted there holds an access token` }];
}

export function checkDescription(description: string) {
  if (description.length > DESCRIPTION_MAX)
    return [
      {
        summary: 'The description is too long',
        detail: `At most ${DESCRIPTION_MAX} characters; HCP Terraform takes 300, and a mark of ours is the rest. Found: ${description.length}`,
      },
    ];
  if (hasMark(description))
    return [{ summary: 'The description holds a mark of ours', detail: 'Leave out "[runtask …]": it is written for you' }];
  // HCP may trim it, and then every plan would show a change.
  if (description !== description.trim())
    return [{ summary: 'The description begins or ends with a space', detail: 'Leave the space out' }];
  return [];
}

/** The relay takes none below 16 (relay.yml); every character counts there, a forgotten line break too. */
export function checkKey(key: string) {
  if (key.length < 16) return [{ summary: 'The HMAC key is too short', detail: 'At least 16 characters: `runtask keys` makes one' }];
  if (key !== key.trim())
    return [
      {
        summary: 'The HMAC key begins or ends with a space or a line break',
        detail: 'Was it read from a file? Take the line break off, on both sides',
      },
    ];
  return [];
}

export function checkVersion(version: number) {
  if (Number.isSafeInteger(version) && version >= 1 && version <= VERSION_MAX) return [];
  return [
    {
      summary: 'A version is a whole number from 1',
      detail: `Count up by one with each new key, at most ${VERSION_MAX}. Found: ${version}`,
    },
  ];
}
