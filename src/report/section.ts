// What one workspace has to say on a pull request: masked, bounded data that can be kept elsewhere and rendered later, by another job.
// Markdown is made of it at the end (combined.ts, comment.ts), never read back.
export type { Section, Whose } from './section/data.ts';
export { toSection } from './section/to-section.ts';
export { readSection, withOwn, writeSection } from './section/write.ts';
