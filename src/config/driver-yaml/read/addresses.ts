// Addresses of what the file declares, as Terraform would write them. They are for people and for plans: nothing is found by them. Pure.

/** `runtask_workspace_run_task.gate["net-prod"]` */
export const toAddress = (type: string, name: string, index: string | null): string =>
  `runtask_${type}.${name}${index === null ? '' : `[${JSON.stringify(index)}]`}`;

/**
 * Names that may stand in an address: `terraform-gate` becomes `terraform_gate`, and `terraform_gate_2` when that is taken.
 * @returns a name for each text
 */
export function toNames(texts: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const text of texts) {
    const plain = text.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');
    let name = plain;
    for (let count = 2; taken.has(name); count++) name = `${plain}_${count}`;
    taken.add(name);
    names.set(text, name);
  }
  return names;
}

/** Repositories by their own name; by the owner's too where that is needed to tell them apart. */
export function toRepositoryNames(repositories: readonly string[]): ReadonlyMap<string, string> {
  const shortOf = (text: string): string => text.slice(text.indexOf('/') + 1);
  const short = repositories.map(shortOf);
  const texts = repositories.map((text) => (short.filter((one) => one === shortOf(text)).length > 1 ? text : shortOf(text)));
  const names = toNames(texts);
  return new Map(repositories.map((repository, index) => [repository, names.get(texts[index] ?? '') ?? '']));
}
