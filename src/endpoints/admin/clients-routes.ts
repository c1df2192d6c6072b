import { z } from 'zod';
import { clientInput, clientPatch } from '../../domain/clients/client-input.ts';
import { listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute } from '../http/route.ts';
import {
  clientConsentResource,
  clientResource,
  clientSecretResource,
  clientWithSecretResource,
  issuedSecretResource,
} from './clients-resource.ts';

const tag = 'Clients';
const params = z.object({ client_id: z.string() });
const secretParams = z.object({ client_id: z.string(), id: z.string() });
const missing = { description: 'There is no such client' };
const beyond = { description: 'It would reach further than your own permissions' };
const changedMeanwhile = { description: 'The client has changed since that version' };
const text = z.exactOptional(z.string());

export const searchClientsRoute = defineRoute({
  method: 'GET',
  path: '/clients',
  operationId: 'searchClients',
  summary: 'List applications, or look for those with a given name',
  tag,
  permission: 'clients:read',
  query: z.strictObject({ ...pageParameters, client_id: text, client_name: text }),
  responses: { 200: { description: 'One page', schema: listSchema('clients', clientResource) } },
});

export const createClientRoute = defineRoute({
  method: 'POST',
  path: '/clients',
  operationId: 'createClient',
  summary: 'Register an application',
  description:
    'Takes registered metadata (RFC 7591) and our own settings. A secret is generated where one is needed and none is ' +
    'given; it is in this answer and nowhere else.',
  tag,
  permission: 'clients:write',
  body: clientInput,
  responses: {
    201: { description: 'Registered', schema: clientWithSecretResource },
    403: beyond,
    409: { description: 'The client_id is taken' },
  },
});

export const getClientRoute = defineRoute({
  method: 'GET',
  path: '/clients/:client_id',
  operationId: 'getClient',
  summary: 'See an application',
  tag,
  permission: 'clients:read',
  params,
  responses: { 200: { description: 'The client', schema: clientResource }, 404: missing },
});

export const updateClientRoute = defineRoute({
  method: 'PATCH',
  path: '/clients/:client_id',
  operationId: 'updateClient',
  summary: 'Change, enable or disable an application',
  description:
    'JSON merge patch; null takes a setting back to its default. Disabling ends everything that was issued to the client. ' +
    'A client whose new settings need a secret gets one, in this answer only.',
  tag,
  permission: 'clients:write',
  params,
  body: clientPatch,
  responses: {
    200: { description: 'Changed', schema: clientWithSecretResource },
    403: beyond,
    404: missing,
    412: changedMeanwhile,
  },
});

export const deleteClientRoute = defineRoute({
  method: 'DELETE',
  path: '/clients/:client_id',
  operationId: 'deleteClient',
  summary: 'Delete an application and end everything that was issued to it',
  tag,
  permission: 'clients:write',
  params,
  responses: { 204: { description: 'Deleted' }, 404: missing, 412: changedMeanwhile },
});

export const listClientSecretsRoute = defineRoute({
  method: 'GET',
  path: '/clients/:client_id/secrets',
  operationId: 'listClientSecrets',
  summary: 'See when the secrets of an application were made and when they end',
  tag,
  permission: 'clients:read',
  params,
  responses: {
    200: { description: 'Newest first', schema: listSchema('secrets', clientSecretResource) },
    404: missing,
  },
});

export const rotateClientSecretRoute = defineRoute({
  method: 'POST',
  path: '/clients/:client_id/secrets',
  operationId: 'rotateClientSecret',
  summary: 'Give an application a new secret beside the one in use',
  description:
    'Both work until previousExpiresAt, 24 hours from now unless told; a moment that is past ends the old one now.',
  tag,
  permission: 'clients:write',
  params,
  bodyIsOptional: true,
  body: z.strictObject({
    previousExpiresAt: z.exactOptional(
      z.iso
        .datetime({ offset: true })
        .transform((moment) => new Date(moment))
        .describe('When the secret in use stops working.'),
    ),
  }),
  responses: { 201: { description: 'Issued', schema: issuedSecretResource }, 403: beyond, 404: missing },
});

export const deleteClientSecretRoute = defineRoute({
  method: 'DELETE',
  path: '/clients/:client_id/secrets/:id',
  operationId: 'deleteClientSecret',
  summary: 'Make a secret of an application stop working now',
  tag,
  permission: 'clients:write',
  params: secretParams,
  responses: {
    204: { description: 'Deleted' },
    403: beyond,
    404: { description: 'There is no such client or secret' },
    409: { description: 'It is the only one that works' },
  },
});

export const searchClientConsentsRoute = defineRoute({
  method: 'GET',
  path: '/clients/:client_id/consents',
  operationId: 'searchClientConsents',
  summary: 'See what people allowed an application',
  tag,
  permission: 'grants:read',
  params,
  query: z.strictObject(pageParameters),
  responses: { 200: { description: 'One page', schema: listSchema('consents', clientConsentResource) }, 404: missing },
});
