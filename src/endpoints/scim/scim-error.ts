import { DomainError, type ErrorKind, type Fault } from '../../kernel/errors.ts';
import { BodyRefused } from '../http/read-body.ts';
import { ERROR } from './messages.ts';

/** RFC 7644 §3.12 and RFC 9865 §2.1. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'sensitive'
  | 'invalidCursor'
  | 'invalidCount';

/** A refusal in SCIM's own words. */
export class ScimRefusal extends DomainError {
  readonly status: number;
  readonly scimType: ScimType | undefined;

  constructor(scimType: ScimType | undefined, detail: string, status = 400, faults: readonly Fault[] = []) {
    super('invalid', `scim.${scimType ?? 'refused'}`, { detail, faults });
    this.status = status;
    this.scimType = scimType;
  }
}

export type ScimErrorBody = {
  readonly schemas: readonly string[];
  readonly status: string;
  readonly scimType?: ScimType;
  readonly detail: string;
};

export type ScimError = {
  readonly status: number;
  readonly code: string;
  readonly body: ScimErrorBody;
  readonly headers: Readonly<Record<string, string>>;
  readonly isOurFault: boolean;
};

const statusByKind: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  step_up_required: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition: 412,
  limited: 429,
};

const typeByCode: Readonly<Record<string, ScimType>> = {
  'directory-filter.filter_invalid': 'invalidFilter',
  'directory-filter.path_invalid': 'invalidPath',
  'directory-filter.cursor_invalid': 'invalidCursor',
  'request.not_json': 'invalidSyntax',
  'request.too_deep': 'invalidSyntax',
};

export const scimError = (status: number, detail: string, scimType?: ScimType): ScimErrorBody => ({
  schemas: [ERROR],
  status: String(status),
  ...(scimType === undefined ? {} : { scimType }),
  detail,
});

/** Any thrown value in the form of RFC 7644 §3.12; what is not a {@link DomainError} tells the caller nothing but the id. */
export function toScimError(error: unknown, requestId: string): ScimError {
  if (!(error instanceof DomainError)) {
    const detail = `Something went wrong on our side. Give this id to your administrator: ${requestId}`;
    return { status: 500, code: 'server_error', body: scimError(500, detail), headers: {}, isOurFault: true };
  }
  const status = error instanceof ScimRefusal || error instanceof BodyRefused ? error.status : statusByKind[error.kind];
  const headers: Record<string, string> =
    error.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(Math.ceil(error.retryAfterSeconds)) };
  const body = scimError(status, detailOf(error), scimTypeOf(error, status));
  return { status, code: error.code, body, headers, isOurFault: false };
}

function scimTypeOf(error: DomainError, status: number): ScimType | undefined {
  if (error instanceof ScimRefusal) return error.scimType;
  const known = typeByCode[error.code];
  if (known !== undefined) return known;
  if (error.kind === 'conflict') return error.faults.some(({ code }) => code === 'taken') ? 'uniqueness' : undefined;
  if (error.faults.some(({ code }) => code === 'not_writable')) return 'mutability';
  return status === 400 ? 'invalidValue' : undefined;
}

const MOST_FAULTS = 10;

/** The faults belong to the text: SCIM has no place of its own for them. */
function detailOf({ message, faults }: DomainError): string {
  const told = faults
    .filter(({ detail }) => !message.includes(detail))
    .slice(0, MOST_FAULTS)
    .map(({ pointer, parameter, detail }) => `${pointer ?? parameter ?? ''} ${detail}`.trim());
  return told.length === 0 ? message : `${message}: ${told.join('; ')}`;
}
