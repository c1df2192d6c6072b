import { DomainError, type ErrorKind } from '../../kernel/errors.ts';
import { BodyRefused } from './read-body.ts';

/** RFC 9457 problem details, with the request's id and RFC 6901 pointers for faults in the body. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly requestId: string;
  readonly errors?: readonly {
    readonly pointer?: string;
    readonly parameter?: string;
    readonly code?: string;
    readonly detail: string;
  }[];
};

const byKind: Readonly<Record<ErrorKind, { readonly status: number; readonly title: string }>> = {
  invalid: { status: 422, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Authentication is needed' },
  step_up_required: { status: 401, title: 'A stronger or more recent sign-in is needed' },
  forbidden: { status: 403, title: 'This is not allowed' },
  not_found: { status: 404, title: 'There is no such resource' },
  conflict: { status: 409, title: 'This conflicts with what exists' },
  precondition: { status: 412, title: 'The resource changed meanwhile' },
  limited: { status: 429, title: 'Too many requests' },
};

export const problemKinds = byKind;

export type ProblemAnswer = {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  readonly isOurFault: boolean;
};

/** Any thrown value as an answer; what is not a {@link DomainError} tells the caller nothing but the id. */
export function toProblem(
  error: unknown,
  { issuer, requestId, invalidStatus }: { issuer: string; requestId: string; invalidStatus?: number | undefined },
): ProblemAnswer {
  if (!(error instanceof DomainError)) {
    return {
      problem: {
        type: `${issuer}/problems/server_error`,
        title: 'Something went wrong on our side',
        status: 500,
        code: 'server_error',
        detail: `Give this id to your administrator: ${requestId}`,
        requestId,
      },
      headers: {},
      isOurFault: true,
    };
  }
  const { title } = byKind[error.kind];
  const status = statusOf(error, invalidStatus);
  return {
    problem: {
      type: `${issuer}/problems/${error.kind}`,
      title,
      status,
      code: error.code,
      ...(error.message === error.code ? {} : { detail: error.message }),
      requestId,
      ...(error.faults.length === 0 ? {} : { errors: error.faults }),
    },
    headers: error.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(Math.ceil(error.retryAfterSeconds)) },
    isOurFault: false,
  };
}

function statusOf(error: DomainError, invalidStatus: number = byKind.invalid.status): number {
  if (error instanceof BodyRefused) return error.status;
  if (error.kind === 'precondition' && error.missing) return 428;
  return error.kind === 'invalid' ? invalidStatus : byKind[error.kind].status;
}
