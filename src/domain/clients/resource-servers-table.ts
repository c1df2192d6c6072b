import { EntitySchema } from 'typeorm';
import type { ResourceServer } from './resource-server.ts';

export type ResourceServerRow = { -readonly [Name in keyof ResourceServer]: ResourceServer[Name] };

export const ResourceServersTable = new EntitySchema<ResourceServerRow>({
  name: 'resource_servers',
  tableName: 'resource_servers',
  columns: {
    id: { type: 'uuid', primary: true },
    identifier: { type: 'text' },
    name: { type: 'text' },
    accessTokenFormat: { type: 'text', name: 'access_token_format' },
    accessTokenType: { type: 'text', name: 'access_token_type' },
    accessTokenLifetimeSeconds: { type: 'integer', name: 'access_token_lifetime_seconds' },
    signingAlg: { type: 'text', name: 'signing_alg' },
    builtIn: { type: 'boolean', name: 'built_in' },
    managedBy: { type: 'text', name: 'managed_by', nullable: true },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
