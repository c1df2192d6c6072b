import { z } from 'zod';
import type { AuditRecord } from '../../domain/audit/audit-record.ts';
import { findAuditEvent } from '../../domain/audit/find-audit-event.ts';
import { searchAudit } from '../../domain/audit/search-audit.ts';
import { notFound } from '../../kernel/errors.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer, listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';

const tag = 'Audit events';

const text = z.string().nullable();

const auditEventResource = z.object({
  id: z.uuid(),
  occurredAt: z.iso.datetime(),
  type: z.string(),
  outcome: z.enum(['success', 'refused', 'failure']),
  reason: text.describe('Stable code of why it was refused or failed.'),
  actorType: z.string(),
  actorId: z.string(),
  targetType: text,
  targetId: text,
  clientId: text,
  requestId: text,
  ipAddress: text,
  userAgent: text,
  details: z.record(z.string(), z.unknown()).nullable(),
  sequence: z.int().nullable().describe('Null until the event is sealed, about a second after it was recorded.'),
  previousHash: text,
  hash: text,
});

const exact = z.exactOptional(z.string().max(512));
const moment = z.exactOptional(z.iso.datetime({ offset: true }).transform((value) => new Date(value)));

export const searchAuditEventsRoute = defineRoute({
  method: 'GET',
  path: '/audit-events',
  operationId: 'searchAuditEvents',
  summary: 'List what happened, newest first',
  description: 'The requestId is the X-Request-Id of an answer, or the id an error page shows.',
  tag,
  permission: 'audit-events:read',
  query: z.strictObject({
    ...pageParameters,
    requestId: exact,
    actor: exact.describe('User id, client_id, or the name of a duty or command.'),
    target: exact.describe('Id of what was acted on.'),
    type: exact,
    from: moment.describe('At this moment or later.'),
    to: moment.describe('Before this moment.'),
  }),
  responses: { 200: { description: 'One page', schema: listSchema('auditEvents', auditEventResource) } },
});

export const getAuditEventRoute = defineRoute({
  method: 'GET',
  path: '/audit-events/:id',
  operationId: 'getAuditEvent',
  summary: 'See one event',
  tag,
  permission: 'audit-events:read',
  params: z.object({ id: z.string() }),
  responses: {
    200: { description: 'The event', schema: auditEventResource },
    404: { description: 'There is no such event' },
  },
});

export function addAuditEventRoutes(admin: ApiRouter, { read }: { readonly read: Reader }): void {
  admin.handle(searchAuditEventsRoute, async ({ query }) => {
    const { cursor, limit, ...filters } = query;
    const page = await searchAudit(read, { filters, cursor, limit });
    const { from, to } = filters;
    const asked = { ...query, from: from?.toISOString(), to: to?.toISOString() };
    return listAnswer('auditEvents', page, presentAuditEvent, { path: `${ADMIN_PREFIX}/audit-events`, query: asked });
  });
  admin.handle(getAuditEventRoute, async ({ params }) => {
    const event = await findAuditEvent(read, params.id);
    if (!event) throw notFound('audit_events.not_found', { detail: 'there is no such event' });
    return ok(presentAuditEvent(event));
  });
}

const presentAuditEvent = (event: AuditRecord): Record<string, unknown> => ({
  id: event.id,
  occurredAt: event.occurredAt.toISOString(),
  type: event.type,
  outcome: event.outcome,
  reason: event.reason,
  actorType: event.actorType,
  actorId: event.actorId,
  targetType: event.targetType,
  targetId: event.targetId,
  clientId: event.clientId,
  requestId: event.requestId,
  ipAddress: event.ipAddress,
  userAgent: event.userAgent,
  details: event.details,
  sequence: event.sequence,
  previousHash: event.previousHash,
  hash: event.hash,
});
