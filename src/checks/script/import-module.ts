// Imports a module whose path is known only when it runs. Bundlers put a lookup among their own modules in place of `import()`, unless
// the word below stands in it; tools/bundle.mjs leaves this file its comments for that.
export const importModule = (url: string): Promise<unknown> => import(/* webpackIgnore: true */ url);
