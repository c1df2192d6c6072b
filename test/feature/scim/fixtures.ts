import type { Body } from './scim-api.ts';
import { ENTERPRISE, GROUP, PATCH_OP, USER } from './scim-api.ts';

/** Requests in the shapes that Microsoft Entra ID and Okta send, as their documentation of SCIM provisioning shows them. */
export const entraCreate = (userName: string): Body => ({
  schemas: [USER, ENTERPRISE],
  externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
  userName,
  active: true,
  emails: [{ primary: true, type: 'work', value: `${userName}@testuser.example` }],
  meta: { resourceType: 'User' },
  name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
  roles: [],
});

export const entraPatch = (...Operations: Body[]): Body => ({ schemas: [PATCH_OP], Operations });

export const entraGroup = (displayName: string): Body => ({
  schemas: [GROUP],
  externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
  displayName,
  meta: { resourceType: 'Group' },
});

export const oktaCreate = (userName: string): Body => ({
  schemas: [USER],
  userName,
  name: { givenName: 'Test', familyName: 'User' },
  emails: [{ primary: true, value: `${userName}@okta.example`, type: 'work' }],
  displayName: 'Test User',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  password: '1mz050nq harbour lamps',
  active: true,
});

/** Okta changes a profile by sending the whole person back, `id` and `meta` included. */
export const oktaReplace = (person: Body, changes: Body): Body => ({ ...person, groups: [], ...changes });
