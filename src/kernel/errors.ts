/**
 * The product's error kinds (DESIGN §7). Rooms throw these; only doors know status codes.
 * `code` is stable and dotted (`users.user_name_taken`); `detail` is for the caller, `cause` for the log.
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'step_up_required'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition'
  | 'limited';

/** One fault in the caller's input: where (RFC 6901 JSON Pointer into the body, or a parameter name) and what was expected. */
export type Fault = {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly code?: string;
  readonly detail: string;
};

export type ErrorFacts = {
  readonly detail?: string;
  readonly faults?: readonly Fault[];
  /** Seconds until a retry makes sense; kinds `limited` only. */
  readonly retryAfterSeconds?: number;
  /** The precondition header was missing (428), not wrong (412). */
  readonly missing?: boolean;
  readonly cause?: unknown;
};

export class DomainError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly faults: readonly Fault[];
  readonly retryAfterSeconds: number | undefined;
  readonly missing: boolean;

  constructor(kind: ErrorKind, code: string, facts: ErrorFacts = {}) {
    super(facts.detail ?? code, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'DomainError';
    this.kind = kind;
    this.code = code;
    this.faults = facts.faults ?? [];
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.missing = facts.missing ?? false;
  }
}

const ofKind =
  (kind: ErrorKind) =>
  (code: string, facts?: ErrorFacts): DomainError =>
    new DomainError(kind, code, facts);

export const invalid = ofKind('invalid');
export const unauthenticated = ofKind('unauthenticated');
export const stepUpRequired = ofKind('step_up_required');
export const forbidden = ofKind('forbidden');
export const notFound = ofKind('not_found');
export const conflict = ofKind('conflict');
export const precondition = ofKind('precondition');
export const limited = ofKind('limited');
