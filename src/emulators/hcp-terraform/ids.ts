// Ids and secrets in the form in which HCP Terraform gives them. No state.

import { randomBytes } from 'node:crypto';

export interface Ids {
  /** e.g. `run-i3Df5to9ELvibKpQ` */
  id(prefix: string): string;
  uuid(): string;
  /** `xxxxxxxxxxxxxx.atlasv1.<67 characters>` */
  accessToken(): string;
  /** Long and unguessable: the part of a presigned URL that is the key. */
  secret(): string;
  /** 40 hex digits. */
  commitHash(): string;
}

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

export function createIds(random: (bytes: number) => Uint8Array = randomBytes): Ids {
  // The bias of a remainder (256 is no multiple of 58) does not matter for an emulator.
  const text = (length: number): string => [...random(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  const hex = (bytes: number): string => Buffer.from(random(bytes)).toString('hex');
  return {
    id: (prefix) => `${prefix}-${text(16)}`,
    uuid: () => `${hex(4)}-${hex(2)}-4${hex(2).slice(1)}-a${hex(2).slice(1)}-${hex(6)}`,
    accessToken: () => `${text(14)}.atlasv1.${text(67)}`,
    secret: () => text(64),
    commitHash: () => hex(20),
  };
}
