import { EnglishSiteLayout } from './layout.tsx';
import { Link } from './link.tsx';
import { sitePaths } from './site.ts';

const text = {
  fields:
    'Every problem answer has a code that names the rule, a request id, and for faulty input the place of each fault.',
  next: 'What to do',
  status: 'HTTP status',
  type: 'Type',
  reference: 'API reference',
  kinds: {
    invalid: {
      title: 'The request is not valid',
      status: '400, 413, 415 or 422',
      meaning: 'Something in the body or the parameters is not what this operation takes. Nothing was changed.',
      next: 'Read “errors”: each has a pointer (RFC 6901) or a parameter name and says what was expected.',
    },
    unauthenticated: {
      title: 'Authentication is needed',
      status: '401',
      meaning: 'There was no access token, or it has expired, was revoked, or is meant for another resource server.',
      next: 'Ask for a token for the resource urn:doorward:admin and send it as “Authorization: Bearer …”.',
    },
    step_up_required: {
      title: 'A stronger or more recent sign-in is needed',
      status: '401',
      meaning: 'The token is good, but the sign-in behind it is not strong or recent enough (RFC 9470).',
      next: 'Start a new sign-in with the acr_values or max_age that WWW-Authenticate names.',
    },
    forbidden: {
      title: 'This is not allowed',
      status: '403',
      meaning:
        'The token is good, but does not carry the permission for this operation, or it would give more than you have.',
      next: 'The API reference names the permission of each operation. Ask your administrator for a role that has it.',
    },
    not_found: {
      title: 'There is no such resource',
      status: '404',
      meaning: 'The id is mistyped, or what it named was deleted.',
      next: 'Look it up with a search of the list.',
    },
    conflict: {
      title: 'This conflicts with what exists',
      status: '409',
      meaning: 'A name is taken, or a rule over several things would be broken. Nothing was changed.',
      next: 'The code says which rule; the pointer says which field.',
    },
    precondition: {
      title: 'The resource changed meanwhile',
      status: '412 or 428',
      meaning: 'If-Match does not name the current version, or is missing where it is needed.',
      next: 'Read the resource again, repeat your change on it, and send its ETag as If-Match.',
    },
    limited: {
      title: 'Too many requests',
      status: '429',
      meaning: 'A limit was reached. Nothing was changed.',
      next: 'Wait for as many seconds as Retry-After says, then try again.',
    },
    server_error: {
      title: 'Something went wrong on our side',
      status: '500',
      meaning: 'The server failed. The answer holds nothing but the request id.',
      next: 'Give the request id to your administrator, who finds the reason in the log by it.',
    },
  },
};

export type ProblemKind = keyof typeof text.kinds;

export const isProblemKind = (name: string): name is ProblemKind => Object.hasOwn(text.kinds, name);

/** Where the `type` of a problem answer leads (RFC 9457 §3.1.1: it should resolve to something a person can read). */
export function ProblemPage({ kind, type }: { readonly kind: ProblemKind; readonly type: string }) {
  const { title, status, meaning, next } = text.kinds[kind];
  return (
    <EnglishSiteLayout title={title}>
      <div class="hero">
        <h1>{title}</h1>
        <p class="lead">{meaning}</p>
      </div>
      <section class="panel">
        <h2>{text.next}</h2>
        <p>{next}</p>
        <dl class="facts">
          <dt>{text.status}</dt>
          <dd>{status}</dd>
          <dt>{text.type}</dt>
          <dd>
            <code>{type}</code>
          </dd>
        </dl>
        <p class="hint">{text.fields}</p>
        <p>
          <Link href={sitePaths.apiReference}>{text.reference}</Link>
        </p>
      </section>
    </EnglishSiteLayout>
  );
}
