import { z } from 'zod';
import { ReceiptPage, type ReceiptPageProps } from '../../../views/receipt.tsx';
import type { KeyRing } from '../../domain/keys/key-ring.ts';
import { getReceipt, searchReceipts } from '../../domain/receipts/find-receipt.ts';
import { receiptCauses, targetKinds, targetStates } from '../../domain/receipts/receipt.ts';
import { type SignedReceipt, signedReceipt } from '../../domain/receipts/signed-receipt.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer, listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';

const tag = 'Deprovisioning receipts';
const moment = z.iso.datetime().nullable();

const targetResource = z.object({
  kind: z.enum(targetKinds).describe('local: this server. Others were told by a message.'),
  id: z.string().nullable(),
  name: z.string().nullable(),
  sent: z.string().nullable(),
  state: z
    .enum(targetStates)
    .describe('pending: not accepted yet. failed: given up after a day. not_notified: cannot be told; note says why.'),
  ended: z.exactOptional(z.record(z.string(), z.int())).describe('How much of each kind ended here.'),
  sid: z.exactOptional(z.string()),
  note: z.exactOptional(z.string()),
  tokensEndBy: z
    .exactOptional(z.iso.datetime())
    .describe('JWT access tokens that are out there are refused by introspection now, and expire by then.'),
  messageId: z.exactOptional(z.uuid()),
  attempts: z.exactOptional(z.int()),
  firstAttemptAt: z.exactOptional(moment),
  lastAttemptAt: z.exactOptional(moment),
  settledAt: z.exactOptional(moment),
  answer: z.exactOptional(z.object({ status: z.int(), excerpt: z.string().nullable() }).nullable()),
  error: z.exactOptional(z.string().nullable()),
});

const receiptResource = z.object({
  issuer: z.string(),
  id: z.uuid(),
  userId: z.uuid(),
  cause: z.enum(receiptCauses),
  actor: z.object({ type: z.string(), id: z.string() }),
  requestId: z.string().nullable(),
  createdAt: z.iso.datetime(),
  status: z.enum(['open', 'complete']).describe('open while a target is pending or failed.'),
  asOf: z.iso.datetime().describe('When it stood like this: when it was completed, or now.'),
  targets: z.array(targetResource),
  signature: z
    .object({ alg: z.string(), kid: z.string(), jws: z.string() })
    .describe(
      'A detached JWS (RFC 7515 appendix F) by the key `kid` of /jwks: its payload is the RFC 8785 form of all other members.',
    ),
});

const listQuery = z.strictObject({ ...pageParameters, status: z.exactOptional(z.enum(['open', 'complete'])) });

export const searchReceiptsRoute = defineRoute({
  method: 'GET',
  path: '/deprovisioning-receipts',
  operationId: 'searchDeprovisioningReceipts',
  summary: 'List the receipts of people whose access ended, newest first',
  tag,
  permission: 'deprovisioning-receipts:read',
  query: z.strictObject({ ...listQuery.shape, userId: z.exactOptional(z.string()) }),
  responses: { 200: { description: 'One page', schema: listSchema('deprovisioningReceipts', receiptResource) } },
});

export const searchReceiptsOfUserRoute = defineRoute({
  method: 'GET',
  path: '/users/:id/deprovisioning-receipts',
  operationId: 'searchDeprovisioningReceiptsOfUser',
  summary: "List a person's receipts, newest first; also when the person was deleted",
  tag,
  permission: 'deprovisioning-receipts:read',
  params: z.object({ id: z.string() }),
  query: listQuery,
  responses: { 200: { description: 'One page', schema: listSchema('deprovisioningReceipts', receiptResource) } },
});

export const getReceiptRoute = defineRoute({
  method: 'GET',
  path: '/deprovisioning-receipts/:id',
  operationId: 'getDeprovisioningReceipt',
  summary: 'See one receipt; as a page to print with Accept: text/html',
  tag,
  permission: 'deprovisioning-receipts:read',
  params: z.object({ id: z.string() }),
  responses: {
    200: { description: 'The receipt', schema: receiptResource },
    404: { description: 'There is no such receipt' },
  },
});

export type ReceiptsParts = {
  readonly read: Reader;
  readonly clock: Clock;
  readonly receipts: { readonly issuer: string; readonly signingKey: () => ReturnType<KeyRing['active']> };
};

export function addReceiptRoutes(admin: ApiRouter, { read, clock, receipts }: ReceiptsParts): void {
  const sign = (receipt: Parameters<typeof signedReceipt>[0]) =>
    signedReceipt(receipt, { issuer: receipts.issuer, key: receipts.signingKey(), now: clock.now() });
  const list = async (query: z.output<typeof searchReceiptsRoute.query & {}>, path: string) => {
    const page = await searchReceipts(read, { ...query, cursor: query.cursor });
    const signed = { ...page, items: await Promise.all(page.items.map(sign)) };
    const { userId: _, ...rest } = query;
    const shownQuery = path.startsWith('/users/') ? rest : query;
    return listAnswer('deprovisioningReceipts', signed, (one) => one, {
      path: `${ADMIN_PREFIX}${path}`,
      query: shownQuery,
    });
  };
  admin.handle(searchReceiptsRoute, ({ query }) => list(query, '/deprovisioning-receipts'));
  admin.handle(searchReceiptsOfUserRoute, ({ params, query }) =>
    list({ ...query, userId: params.id }, `/users/${encodeURIComponent(params.id)}/deprovisioning-receipts`),
  );
  admin.handle(getReceiptRoute, async ({ params }) => {
    const receipt = await sign(await getReceipt(read, params.id));
    return {
      ...ok(receipt),
      page: () => <ReceiptPage receipt={receipt as SignedReceipt & ReceiptPageProps['receipt']} />,
    };
  });
}
