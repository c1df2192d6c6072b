import { z } from 'zod';
import {
  createTransmitter,
  deleteTransmitter,
  replaceTransmitterToken,
  updateTransmitter,
  type WithToken,
} from '../../domain/signals/change-transmitter.ts';
import {
  getTransmitter,
  listTransmitters,
  type Transmitter,
  transmitterInput,
  transmitterPatch,
} from '../../domain/signals/transmitter.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listSchema } from '../http/list-answer.ts';
import { created, defineRoute, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';

const tag = 'Signal transmitters';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such transmitter' };
const changedMeanwhile = { description: 'The transmitter has changed since that version' };

const transmitterResource = z.object({
  id: z.uuid(),
  ...transmitterInput.shape,
  endpointUrl: z.url().describe('Where it pushes its events (RFC 8935).'),
  version: z.int().describe('The number in the ETag.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
const withToken = transmitterResource.extend({
  token: z.string().describe('It sends it as `Authorization: Bearer …`. Shown this once.'),
});

const routes = {
  list: defineRoute({
    method: 'GET',
    path: '/signal-transmitters',
    operationId: 'listSignalTransmitters',
    summary: 'List whose security events are followed here',
    tag,
    permission: 'signal-transmitters:read',
    responses: { 200: { description: 'All of them', schema: listSchema('signalTransmitters', transmitterResource) } },
  }),
  create: defineRoute({
    method: 'POST',
    path: '/signal-transmitters',
    operationId: 'createSignalTransmitter',
    summary: 'Follow the security events of another provider',
    description: 'Sessions of a person end here when it says so: session-revoked, credential-change, account-disabled.',
    tag,
    permission: 'signal-transmitters:write',
    body: transmitterInput,
    responses: {
      201: { description: 'Set up', schema: withToken },
      409: { description: 'The issuer is taken, or there are too many' },
    },
  }),
  get: defineRoute({
    method: 'GET',
    path: '/signal-transmitters/:id',
    operationId: 'getSignalTransmitter',
    summary: 'See a transmitter of security events',
    tag,
    permission: 'signal-transmitters:read',
    params,
    responses: { 200: { description: 'The transmitter', schema: transmitterResource }, 404: missing },
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/signal-transmitters/:id',
    operationId: 'updateSignalTransmitter',
    summary: 'Change, pause or resume a transmitter of security events',
    description: 'JSON merge patch (RFC 7396). The issuer does not change.',
    tag,
    permission: 'signal-transmitters:write',
    params,
    body: transmitterPatch,
    responses: {
      200: { description: 'Changed', schema: transmitterResource },
      404: missing,
      412: changedMeanwhile,
    },
  }),
  token: defineRoute({
    method: 'POST',
    path: '/signal-transmitters/:id/token',
    operationId: 'replaceSignalTransmitterToken',
    summary: 'Give a transmitter another token; the former one is refused at once',
    tag,
    permission: 'signal-transmitters:write',
    params,
    responses: { 200: { description: 'The token, this once', schema: withToken }, 404: missing },
  }),
  delete: defineRoute({
    method: 'DELETE',
    path: '/signal-transmitters/:id',
    operationId: 'deleteSignalTransmitter',
    summary: 'Follow the security events of a transmitter no more',
    tag,
    permission: 'signal-transmitters:write',
    params,
    responses: { 204: { description: 'Deleted' }, 404: missing, 412: changedMeanwhile },
  }),
};

export type SignalTransmittersParts = {
  readonly read: Reader;
  readonly transact: Transact;
  readonly eventsUrl: (transmitterId: string) => string;
};

export function addSignalTransmitterRoutes(admin: ApiRouter, parts: SignalTransmittersParts): void {
  const { read, transact, eventsUrl } = parts;
  const shown = (transmitter: Transmitter) => present(transmitter, eventsUrl);
  const once = ({ transmitter, token }: WithToken) => ({ ...shown(transmitter), token });
  admin.handle(routes.list, async () => ok({ signalTransmitters: (await listTransmitters(read)).map(shown) }));
  admin.handle(routes.create, async ({ body, actor }) => {
    const made = await transact(actor, (tx) => createTransmitter(tx, body));
    const { id, version } = made.transmitter;
    return created(`${ADMIN_PREFIX}/signal-transmitters/${id}`, once(made), version);
  });
  admin.handle(routes.get, async ({ params: { id } }) => {
    const transmitter = await getTransmitter(read, id);
    return ok(shown(transmitter), transmitter.version);
  });
  admin.handle(routes.update, async ({ params: { id }, body, actor, expectedVersion }) => {
    const transmitter = await transact(actor, (tx) => updateTransmitter(tx, { id, expectedVersion, patch: body }));
    return ok(shown(transmitter), transmitter.version);
  });
  admin.handle(routes.token, async ({ params: { id }, actor }) => {
    const made = await transact(actor, (tx) => replaceTransmitterToken(tx, { id }));
    return ok(once(made), made.transmitter.version);
  });
  admin.handle(routes.delete, async ({ params: { id }, actor, expectedVersion }) => {
    await transact(actor, (tx) => deleteTransmitter(tx, { id, expectedVersion }));
    return noContent();
  });
}

const present = (transmitter: Transmitter, eventsUrl: (id: string) => string): Record<string, unknown> => ({
  id: transmitter.id,
  name: transmitter.name,
  issuer: transmitter.issuer,
  audience: transmitter.audience,
  jwksUri: transmitter.jwksUri,
  state: transmitter.state,
  endpointUrl: eventsUrl(transmitter.id),
  version: transmitter.version,
  createdAt: transmitter.createdAt.toISOString(),
  updatedAt: transmitter.updatedAt.toISOString(),
});
