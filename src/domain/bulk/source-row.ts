import type { Fault } from '../../kernel/errors.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';

/**
 * The bulk room owns files of people: reading them (CSV, JSON, LDIF), bringing people to what they say, batch by batch, and
 * writing them. It does not own what a person may be: rows are checked by the users room's schema and written by its commands.
 */
export type SourceRow = {
  /** The line of the file at which it begins, counted from 1. */
  readonly line: number;
  /** A person under SCIM names, with `groups`, `roles` and `passwordHash`; not checked yet. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Where the file says what a JSON Pointer points to: the number of the field in CSV, of the character elsewhere. */
  readonly columnOf: (pointer: string) => number;
  /** What was wrong with its form. */
  readonly faults: readonly RowFault[];
};

/** Why a row was not taken, or, with a code that begins with `notice.`, what of it was not done. */
export type RowFault = {
  readonly line: number;
  readonly column: number;
  readonly attribute: string;
  readonly code: string;
  readonly detail: string;
};

export const isNotice = ({ code }: RowFault): boolean => code.startsWith('notice.');

export function faultAt(row: SourceRow, { pointer = '', code = 'invalid', detail }: Fault): RowFault {
  return { line: row.line, column: row.columnOf(pointer), attribute: attributeAt(pointer), code, detail };
}

/** `/emails/0/value` as `emails[0].value`; enterprise attributes by their short names. */
export function attributeAt(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  const plain = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const [first, ...rest] = plain[0] === ENTERPRISE ? plain.slice(1) : plain;
  return rest.reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : `${path}.${step}`), first ?? '');
}

/** Finds the column of the longest known pointer that `pointer` is, or is below; else the first. */
export function columnFinder(columns: ReadonlyMap<string, number>): (pointer: string) => number {
  return (pointer) => {
    for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
      const found = columns.get(at);
      if (found !== undefined) return found;
    }
    return 1;
  };
}
