// Networks: does one hold another, how wide is it? For `cidrContains` and `cidrPrefix` in CEL. Pure.
import { isIPv4, isIPv6 } from 'node:net';

/**
 * @param outer  a CIDR: `10.0.0.0/8`, `2001:db8::/32`
 * @param inner  a CIDR or an address of it
 * @throws Error when either is not a network: a rule about something else has no answer, and none is a failed check
 */
export function cidrContains(outer: string, inner: string): boolean {
  const a = readCidr(outer);
  const b = readCidr(inner);
  if (a.bits !== b.bits || a.prefix > b.prefix) return false;
  const shift = BigInt(a.bits - a.prefix);
  return a.value >> shift === b.value >> shift;
}

/**
 * @returns how many bits are fixed: 8 for `10.0.0.0/8`, 32 or 128 for an address
 * @throws Error when it is no network
 */
export const cidrPrefix = (text: string): number => readCidr(text).prefix;

export interface Network {
  readonly value: bigint;
  readonly bits: 32 | 128;
  readonly prefix: number;
}

export function readCidr(text: string): Network {
  const [address = '', length, ...rest] = text.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : null;
  const prefix = length === undefined ? (bits ?? 0) : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (bits === null || rest.length > 0 || !(prefix <= bits)) throw new Error(`"${text}" is not a network or an address`);
  return { value: bits === 32 ? fromV4(address) : fromV6(address), bits, prefix };
}

const fromV4 = (address: string): bigint => address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);

function fromV6(address: string): bigint {
  // ::ffff:1.2.3.4 ends in an IPv4 address: two groups of 16 bits.
  const tail = /\d+\.\d+\.\d+\.\d+$/.exec(address)?.[0];
  const v4 = tail === undefined ? 0n : fromV4(tail);
  const plain =
    tail === undefined ? address : address.slice(0, -tail.length) + [v4 >> 16n, v4 & 0xffffn].map((n) => n.toString(16)).join(':');
  const [head = '', end] = plain.split('::');
  const groups = (part: string | undefined): string[] => (part === undefined || part === '' ? [] : part.split(':'));
  const left = groups(head);
  const right = groups(end);
  const zeros = Array.from({ length: end === undefined ? 0 : 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
