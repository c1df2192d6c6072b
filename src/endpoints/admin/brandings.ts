import { z } from 'zod';
import { type Branding, type BrandingOwner, brandingInputOf, getBranding } from '../../domain/branding/branding.ts';
import { brandingInput } from '../../domain/branding/branding-input.ts';
import { removeBranding, setBranding } from '../../domain/branding/change-branding.ts';
import { paletteOf } from '../../domain/branding/palette.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { defineRoute, noContent, ok } from '../http/route.ts';

const tag = 'Branding';
const missing = { description: 'Nothing was said here, or there is no such owner' };
const changedMeanwhile = { description: 'The branding has changed since that version' };

const scheme = z.object({
  accent: z.string(),
  accentStrong: z.string(),
  accentSoft: z.string(),
  onAccent: z.string(),
  background: z.string(),
});

const brandingResource = z.object({
  ...brandingInput.shape,
  palette: z.object({ light: scheme, dark: scheme }).optional().describe('What follows from the colours.'),
  version: z.int().describe('The number in the ETag.'),
  updatedAt: z.iso.datetime(),
});

const owners = {
  Deployment: { path: '', of: 'the deployment', params: z.object({}), organization: undefined },
  Organization: {
    path: '/organizations/:id',
    of: 'an organization',
    params: z.object({ id: z.string() }),
    organization: 'open',
  },
  Client: {
    path: '/clients/:client_id',
    of: 'an application',
    params: z.object({ client_id: z.string() }),
    organization: undefined,
  },
} as const;

type OwnerName = keyof typeof owners;

function routesOf<Name extends OwnerName>(name: Name) {
  const { path, of, params, organization } = owners[name];
  const shared = { path: `${path}/branding`, tag, params, ...(organization && { organization }) };
  return {
    get: defineRoute({
      ...shared,
      method: 'GET',
      operationId: `get${name}Branding`,
      summary: `See how pages and mails of ${of} are branded`,
      permission: 'branding:read',
      responses: { 200: { description: 'The branding', schema: brandingResource }, 404: missing },
    }),
    set: defineRoute({
      ...shared,
      method: 'PUT',
      operationId: `set${name}Branding`,
      summary: `Say how pages and mails of ${of} are branded`,
      description: 'The whole of it: what is left out comes from above (application, organization, deployment).',
      permission: 'branding:write',
      body: brandingInput,
      responses: { 200: { description: 'Set', schema: brandingResource }, 404: missing, 412: changedMeanwhile },
    }),
    remove: defineRoute({
      ...shared,
      method: 'DELETE',
      operationId: `remove${name}Branding`,
      summary: `Say nothing of how pages and mails of ${of} are branded`,
      permission: 'branding:write',
      responses: { 204: { description: 'Removed' }, 404: missing, 412: changedMeanwhile },
    }),
  };
}

export type BrandingsParts = { readonly transact: Transact };

export function addBrandingRoutes(admin: ApiRouter, parts: BrandingsParts): void {
  addOwner(admin, parts, 'Deployment', () => ({ type: 'deployment' }));
  addOwner(admin, parts, 'Organization', ({ id = '' }) => ({ type: 'organization', id }));
  addOwner(admin, parts, 'Client', ({ client_id: id = '' }) => ({ type: 'client', id }));
}

type Params = { readonly id?: string; readonly client_id?: string };

function addOwner(
  admin: ApiRouter,
  { transact }: BrandingsParts,
  name: OwnerName,
  ownerOf: (params: Params) => BrandingOwner,
): void {
  const routes = routesOf(name);
  admin.handle(routes.get, async ({ params, read }) => show(read, await getBranding(read, ownerOf(params))));
  admin.handle(routes.set, async ({ params, body: input, actor, read, expectedVersion }) => {
    const branding = await transact(actor, (tx) => setBranding(tx, { owner: ownerOf(params), input, expectedVersion }));
    return show(read, branding);
  });
  admin.handle(routes.remove, async ({ params, actor, expectedVersion }) => {
    await transact(actor, (tx) => removeBranding(tx, { owner: ownerOf(params), expectedVersion }));
    return noContent();
  });
}

async function show(read: Reader, branding: Branding) {
  const input = await brandingInputOf(read, branding);
  const { version, updatedAt } = branding;
  const palette = input.colors && { palette: paletteOf(input.colors) };
  return ok({ ...input, ...palette, version, updatedAt: updatedAt.toISOString() }, version);
}
