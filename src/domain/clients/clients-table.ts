import { EntitySchema } from 'typeorm';
import type { ClientId } from '../../kernel/ids.ts';

export type StoredClient = {
  clientId: ClientId;
  clientName: string | null;
  clientNameKey: string | null;
  enabled: boolean;
  firstParty: boolean;
  requirePkce: boolean;
  claimsInIdToken: boolean;
  allowedCorsOrigins: string[] | null;
  securityProfile: string | null;
  scimAttributes: string[] | null;
  organizationId: string | null;
  metadata: object;
  accessValidFrom: Date | null;
  managedBy: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

export const ClientsTable = new EntitySchema<StoredClient>({
  name: 'clients',
  tableName: 'clients',
  columns: {
    clientId: { type: 'text', name: 'client_id', primary: true },
    clientName: { type: 'text', name: 'client_name', nullable: true },
    clientNameKey: { type: 'text', name: 'client_name_key', nullable: true },
    enabled: { type: 'boolean' },
    firstParty: { type: 'boolean', name: 'first_party' },
    requirePkce: { type: 'boolean', name: 'require_pkce' },
    claimsInIdToken: { type: 'boolean', name: 'claims_in_id_token' },
    allowedCorsOrigins: { type: 'text', array: true, name: 'allowed_cors_origins', nullable: true },
    securityProfile: { type: 'text', name: 'security_profile', nullable: true },
    scimAttributes: { type: 'text', array: true, name: 'scim_attributes', nullable: true },
    organizationId: { type: 'uuid', name: 'organization_id', nullable: true },
    metadata: { type: 'jsonb' },
    accessValidFrom: { type: 'timestamptz', name: 'access_valid_from', nullable: true },
    managedBy: { type: 'text', name: 'managed_by', nullable: true },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
