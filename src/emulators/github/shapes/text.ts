// How GitHub writes times and node ids. Pure.

/** Seconds, no fraction: 2026-11-22T10:00:00Z. */
export const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

export const nodeId = (prefix: string, id: number | string): string => `${prefix}_${Buffer.from(String(id)).toString('base64url')}`;
