import type { Context } from 'koa';
import { storableExcerpt } from '../../kernel/text.ts';
import type { AuditEvent } from '../../persistence/audit-rows.ts';

/** RFC 7644 §3.4.2 parameters that hold no personal data. */
const PLAIN = ['sortBy', 'sortOrder', 'startIndex', 'count', 'attributes', 'excludedAttributes', 'dryRun'] as const;

/** What was asked for, without the data of people: what a change did to them is in the event of the change. */
export function requestEvent(ctx: Context, query: Readonly<Record<string, string>>, body: unknown): AuditEvent {
  const filter = query.filter ?? filterOf(body);
  return {
    type: 'scim-requests.answered',
    details: {
      method: ctx.method,
      path: storableExcerpt(ctx.path, 256),
      ...Object.fromEntries(
        PLAIN.flatMap((name) => (query[name] === undefined ? [] : [[name, storableExcerpt(query[name], 256)]])),
      ),
      ...(filter === undefined ? {} : { filter: withoutValues(filter) }),
    },
  };
}

const filterOf = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'filter' in body && typeof body.filter === 'string'
    ? body.filter
    : undefined;

/** A filter's values are names and addresses of people. */
const withoutValues = (filter: string): string =>
  storableExcerpt(filter, 512).replaceAll(/"(?:[^"\\]|\\.)*(?:"|$)/gs, '"…"');
