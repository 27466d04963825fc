// JSON Schema as tables of a reference page: one row per key, in words that a person says.

/**
 * Maps within maps get tables of their own, each once, however often it is used.
 * @param options.titles  what the maps within maps are called, by their place; the others by their key
 * @param options.linked  what stands in a section of the page that is written otherwise, by its key
 * @param options.named   words for a schema in place of ours, or null
 */
export function createTables({ titles, linked = {}, named = () => null }) {
  const waiting = new Map();

  const table = (schema, name) => {
    const rows = Object.entries(schema.properties).map(([key, value]) => {
      const needed = schema.required?.includes(key) && value.default === undefined;
      return `| \`${key}\` | ${words(value, `${name}.${key}`)} | ${needed ? '**required**' : inCode(value.default)} | ${escaped(value.description ?? '')} |`;
    });
    return ['| key | form | default | |', '|---|---|---|---|', ...rows, ''].join('\n');
  };

  /** A schema as a person says it. */
  function words(schema, name) {
    const own = named(schema);
    if (own !== null) return own;
    if (schema.enum !== undefined) return schema.enum.map(inCode).join(', ');
    if (schema.const !== undefined) return inCode(schema.const);
    if (schema.anyOf !== undefined) return alternatives(schema.anyOf, name);
    if (Array.isArray(schema.type)) return 'a value';
    if (schema.type === 'array') return `list of ${words(schema.items, name)}`;
    if (schema.properties !== undefined) return link(schema, name);
    if (schema.type === 'object') {
      const values = schema.additionalProperties;
      return values === undefined || Object.keys(values).length === 0 ? 'map' : `map of name to ${words(values, name)}`;
    }
    return (
      ({ string: 'text', integer: 'whole number', number: 'number', boolean: 'true or false' }[schema.type] ?? 'anything') + range(schema)
    );
  }

  function alternatives(forms, name) {
    const all = [...new Set(forms.map((form) => words(form, name)))];
    return all.length === 2 && all[1] === `list of ${all[0]}` ? `${all[0]}, or a list` : all.join('; or ');
  }

  function link(schema, name) {
    const elsewhere = linked[name.split('.').at(-1)];
    if (elsewhere !== undefined) return elsewhere;
    // What it is for differs from place to place; what may stand in it does not.
    const key = JSON.stringify(schema.properties);
    const known = waiting.get(key);
    const title = known?.title ?? titles[name] ?? name.split('.').at(-1);
    if (known === undefined) waiting.set(key, { title, schema, name });
    return `[${title}](#${title.toLowerCase().replaceAll(' ', '-')})`;
  }

  return {
    table,
    section: (title, schema, about) =>
      [`## ${title}\n`, ...(about === undefined ? [] : [`${about}\n`]), table(schema, title.replaceAll('`', ''))].join('\n'),
    /** Those that were linked to and have not been written. */
    rest() {
      const parts = [];
      const done = new Set();
      for (;;) {
        const next = [...waiting].find(([key]) => !done.has(key));
        if (next === undefined) return parts;
        done.add(next[0]);
        parts.push(`## ${next[1].title}\n\n${table(next[1].schema, next[1].name)}`);
      }
    },
  };
}

const range = ({ minimum, maximum }) => (maximum !== undefined && maximum < 1_000_000 ? `, ${minimum} to ${maximum}` : '');

const inCode = (value) => (value === undefined ? '' : `\`${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}\``);
const escaped = (text) => text.replaceAll('|', '\\|');
