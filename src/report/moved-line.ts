// What is left of a comment whose text stands in the combined one now. Pure.
import { link } from './escape.ts';

export const movedLine = (url: string): string => `This is told in ${link('the comment for all workspaces', url)} now.`;
