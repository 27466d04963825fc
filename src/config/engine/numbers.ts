// Numbers that lose no digit: from text to a number of JavaScript where that is the same number, to an ExactNumber where it is not. Pure.
import { ExactNumber } from './values.ts';

/** A number that takes more digits than this when written out is refused: one line of text must not become a gigabyte. */
const MAX_DIGITS = 1000;
const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;

/** @returns null when the text is not a decimal number, or one of more than 1,000 digits */
export function numberFromText(text: string): number | ExactNumber | null {
  const decimal = decimalText(text);
  if (decimal === null) return null;
  // JavaScript prints the shortest decimal that means the same double: when that is what was written, nothing is lost.
  const double = Number(decimal);
  return Number.isFinite(double) && decimalText(String(double)) === decimal ? double : new ExactNumber(decimal);
}

/** The canonical spelling, written out as Terraform does it: no exponent, no needless zero. Equal numbers have equal texts. */
export function numberText(value: number | ExactNumber): string {
  if (value instanceof ExactNumber) return value.text;
  return decimalText(String(value)) ?? String(value);
}

/** `-012.50e1` -> `-125` */
function decimalText(text: string): string | null {
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return null;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return '0';
  // How many of the digits stand before the point; below zero: how many zeros follow it first.
  const point = digits.length - fraction.length + Number(exponent);
  if (Math.max(point, digits.length, digits.length - point) > MAX_DIGITS) return null;
  const before = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const after = (point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits).replace(/0+$/, '');
  return `${sign === '-' ? '-' : ''}${before}${after === '' ? '' : `.${after}`}`;
}

/** May JavaScript's arithmetic stand for it? The number of an API is a double: 0.1 with thirty digits comes back as 0.1. */
export const isSameDouble = (exact: ExactNumber, double: number): boolean => Number(exact.text) === double;
