// Splits a message such as "${address} lacks ${after.tags['x}']}" into text and CEL sources. No CEL is known here but where a
// source ends: braces nest, and those inside string literals do not count. Pure.

export type TemplatePart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'expression'; readonly source: string; readonly offset: number };

export type Template =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  | { readonly ok: false; readonly offset: number; readonly problem: string };

/** `$${` stands for a literal `${`. */
export function splitTemplate(text: string): Template {
  const parts: TemplatePart[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    if (text.startsWith('$${', at)) {
      plain += '${';
      at += 3;
    } else if (text.startsWith('${', at)) {
      const end = endOfExpression(text, at + 2);
      if (end === null) return { ok: false, offset: at, problem: '`${` without its `}`' };
      const source = text.slice(at + 2, end);
      if (source.trim() === '') return { ok: false, offset: at, problem: '`${}` holds no expression' };
      if (plain !== '') parts.push({ kind: 'text', text: plain });
      plain = '';
      parts.push({ kind: 'expression', source, offset: at + 2 });
      at = end + 1;
    } else plain += text[at++];
  }
  if (plain !== '') parts.push({ kind: 'text', text: plain });
  return { ok: true, parts };
}

function endOfExpression(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"' || char === "'") {
      const raw = /[rR]/.test(text[at - 1] ?? '') && !/\w/.test(text[at - 2] ?? ' ');
      at++;
      while (at < text.length && text[at] !== char) at += text[at] === '\\' && !raw ? 2 : 1;
    } else if (char === '{') depth++;
    else if (char === '}' && depth-- === 0) return at;
  }
  return null;
}
