import { precondition } from './errors.ts';

/** RFC 9110 §13.1.1: without a version the caller takes what is there. Throws precondition `request.version_mismatch`. */
export function assertVersion(noun: string, actual: number, expected: number | undefined): void {
  if (expected !== undefined && actual !== expected) throw versionMismatch(noun);
}

export const versionMismatch = (noun: string) =>
  precondition('request.version_mismatch', { detail: `the ${noun} was changed meanwhile; read it again` });
