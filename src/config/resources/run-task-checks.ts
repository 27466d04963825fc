// What the attributes of a run task may be, before HCP is asked. Pure. Says nothing of a key but its length.
import { DESCRIPTION_MAX, VERSION_MAX, hasMark } from './run-task-mark.ts';

export function checkUrl(url: string) {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && new URL(url).username === '' && new URL(url).password === '')
    return [];
  return [
    {
      summary: 'This is no URL that HCP Terraform can post to',
      detail: 'Write https://relay.example.com/hooks/gate, without user name and password in it',
    },
  ];
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
