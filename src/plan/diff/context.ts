// By which unchanged attributes people recognise an element that changes. No I/O.
import type { Side } from './side.ts';

/** The most telling first; case does not count. */
const TELLING = [
  'name', 'id', 'key', 'sid', 'effect', 'type', 'protocol', 'proto', 'ip_protocol', 'from_port', 'to_port', 'port', 'path', 'host', 'priority', 'direction',
  'action', 'access', 'kind', 'rule_no', 'device_name', 'domain',
]; // prettier-ignore
const MAX_SHOWN = 3;
const MAX_LENGTH = 60;

/** Of the keys that stay, those to show: scalars, short, a few. */
export function contextKeys(unchanged: readonly string[], side: Side): string[] {
  const shown = new Map<string, string>();
  for (const key of unchanged) {
    const value = side.entries.get(key);
    if (value?.type !== 'scalar' || value.value === null || value.value === '' || String(value.value).length > MAX_LENGTH) continue;
    if (!String(value.value).includes('\n')) shown.set(key.toLowerCase(), key);
  }
  return TELLING.flatMap((key) => shown.get(key) ?? []).slice(0, MAX_SHOWN);
}
