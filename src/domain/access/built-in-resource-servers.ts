import { SSF_RESOURCE } from '../signals/stream.ts';
import { ADMIN_RESOURCE, adminPermissions } from './admin-permissions.ts';

/** Identifier of the resource server that the SCIM door is. */
export const SCIM_RESOURCE = 'urn:doorward:scim';

export const scimPermissions = {
  'scim:read': 'Read people and groups over SCIM',
  'scim:write': 'Create, change and delete people and groups over SCIM',
} as const;

export type BuiltInResourceServer = {
  readonly identifier: string;
  readonly name: string;
  /** Value → what it allows. */
  readonly permissions: Readonly<Record<string, string>>;
};

/** The product's own doors that ask for a token. Their permissions are power over this installation (`may-grant.ts`). */
export const builtInResourceServers: readonly BuiltInResourceServer[] = [
  { identifier: ADMIN_RESOURCE, name: 'Doorward administration', permissions: adminPermissions },
  { identifier: SCIM_RESOURCE, name: 'Doorward provisioning (SCIM)', permissions: scimPermissions },
  {
    identifier: SSF_RESOURCE,
    name: 'Doorward shared signals',
    permissions: {
      'streams:manage': 'Receive security events about people, and manage the streams they come by',
      // The CAEP Interoperability Profile §2.7.3 has these names for it.
      'ssf.manage': 'The same as streams:manage',
      'ssf.read': 'See the streams of this client and their status',
    },
  },
];
