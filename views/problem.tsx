import { SiteLayout } from './layout.tsx';
import { Link } from './link.tsx';
import { useMessages } from './look.ts';
import type { Messages } from './messages/catalogue.ts';
import { sitePaths } from './site.ts';

const statuses = {
  invalid: '400, 413, 415, 422',
  unauthenticated: '401',
  step_up_required: '401',
  forbidden: '403',
  not_found: '404',
  conflict: '409',
  precondition: '412, 428',
  limited: '429',
  server_error: '500',
} as const satisfies Record<keyof Messages<'problemPage'>['kinds'], string>;

export type ProblemKind = keyof typeof statuses;

export const isProblemKind = (name: string): name is ProblemKind => Object.hasOwn(statuses, name);

/** Where the `type` of a problem answer leads (RFC 9457 §3.1.1: it should resolve to something a person can read). */
export function ProblemPage({ kind, type }: { readonly kind: ProblemKind; readonly type: string }) {
  const text = useMessages('problemPage');
  const { title, meaning, next } = text.kinds[kind];
  return (
    <SiteLayout title={title}>
      <div class="hero">
        <h1>{title}</h1>
        <p class="lead">{meaning}</p>
      </div>
      <section class="panel">
        <h2>{text.next}</h2>
        <p>{next}</p>
        <dl class="facts">
          <dt>{text.status}</dt>
          <dd>{statuses[kind]}</dd>
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
    </SiteLayout>
  );
}
