// Text that must not be longer than somebody takes. A cut through a surrogate pair would leave half a character, which HCP and
// GitHub may refuse or show as garbage.

/** At most `max` UTF-16 units, never through a surrogate pair; what was cut ends in an ellipsis. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max < 1) return '';
  let end = max - 1;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end--;
  return `${text.slice(0, end)}…`;
}
