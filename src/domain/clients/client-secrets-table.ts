import { EntitySchema } from 'typeorm';

export type ClientSecretRow = {
  id: string;
  clientId: string;
  hash: string;
  envelope: Buffer | null;
  createdAt: Date;
  expiresAt: Date | null;
};

export const ClientSecretsTable = new EntitySchema<ClientSecretRow>({
  name: 'client_secrets',
  tableName: 'client_secrets',
  columns: {
    id: { type: 'uuid', primary: true },
    clientId: { type: 'text', name: 'client_id' },
    hash: { type: 'text' },
    envelope: { type: 'bytea', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at', nullable: true },
  },
});
