import { z } from 'zod';
import { type Delivery, deliveryStates } from '../../domain/deliveries/delivery.ts';
import { retryDelivery } from '../../domain/deliveries/retry-delivery.ts';
import { getDelivery, searchDeliveries } from '../../domain/deliveries/search-deliveries.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer, listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';

const tag = 'Deliveries';
const moment = z.iso.datetime().nullable();

const deliveryResource = z.object({
  id: z.uuid(),
  type: z.string(),
  target: z
    .string()
    .describe('Whom it goes to: `client:<client_id>`, `stream:<id>`, or the type where all go one way.'),
  state: z.enum(deliveryStates).describe('failed: given up after a day.'),
  attempts: z.int(),
  createdAt: z.iso.datetime(),
  attemptedAt: moment.describe('The last attempt that has ended.'),
  dueAt: moment.describe('When it is tried next.'),
  deliveredAt: moment,
  failedAt: moment,
  lastError: z.string().nullable(),
  answerStatus: z.int().nullable().describe('The HTTP status of the last answer.'),
});

export const searchDeliveriesRoute = defineRoute({
  method: 'GET',
  path: '/deliveries',
  operationId: 'searchDeliveries',
  summary: 'List what is to be told to others, newest first: waiting, delivered within a day, given up',
  description: 'What a message holds is not shown.',
  tag,
  permission: 'deliveries:read',
  query: z.strictObject({
    ...pageParameters,
    state: z.exactOptional(z.enum(deliveryStates)),
    type: z.exactOptional(z.string().max(128)),
    target: z.exactOptional(z.string().max(512)),
  }),
  responses: { 200: { description: 'One page', schema: listSchema('deliveries', deliveryResource) } },
});

export const getDeliveryRoute = defineRoute({
  method: 'GET',
  path: '/deliveries/:id',
  operationId: 'getDelivery',
  summary: 'See one delivery',
  tag,
  permission: 'deliveries:read',
  params: z.object({ id: z.string() }),
  responses: {
    200: { description: 'The delivery', schema: deliveryResource },
    404: { description: 'There is no such delivery' },
  },
});

export const retryDeliveryRoute = defineRoute({
  method: 'POST',
  path: '/deliveries/:id/retry',
  operationId: 'retryDelivery',
  summary: 'Try again now; one that was given up is tried for another day',
  tag,
  permission: 'deliveries:write',
  params: z.object({ id: z.string() }),
  responses: {
    200: { description: 'It is waiting', schema: deliveryResource },
    404: { description: 'There is no such delivery' },
    409: { description: 'It was delivered already, or is being delivered now' },
  },
});

export type DeliveriesParts = { readonly read: Reader; readonly transact: Transact };

export function addDeliveryRoutes(admin: ApiRouter, { read, transact }: DeliveriesParts): void {
  admin.handle(searchDeliveriesRoute, async ({ query }) => {
    const page = await searchDeliveries(read, { ...query, cursor: query.cursor });
    return listAnswer('deliveries', page, presentDelivery, { path: `${ADMIN_PREFIX}/deliveries`, query });
  });
  admin.handle(getDeliveryRoute, async ({ params }) => ok(presentDelivery(await getDelivery(read, params.id))));
  admin.handle(retryDeliveryRoute, async ({ params, actor }) =>
    ok(presentDelivery(await transact(actor, (tx) => retryDelivery(tx, { id: params.id })))),
  );
}

const presentDelivery = (delivery: Delivery): Record<string, unknown> => ({
  id: delivery.id,
  type: delivery.type,
  target: delivery.target,
  state: delivery.state,
  attempts: delivery.attempts,
  createdAt: delivery.createdAt.toISOString(),
  attemptedAt: delivery.attemptedAt?.toISOString() ?? null,
  dueAt: delivery.dueAt?.toISOString() ?? null,
  deliveredAt: delivery.deliveredAt?.toISOString() ?? null,
  failedAt: delivery.failedAt?.toISOString() ?? null,
  lastError: delivery.lastError,
  answerStatus: delivery.answerStatus,
});
