import { EntitySchema } from 'typeorm';

export type PasswordCredentialRow = { userId: string; hash: string; changedAt: Date };

export const PasswordCredentialsTable = new EntitySchema<PasswordCredentialRow>({
  name: 'password_credentials',
  tableName: 'password_credentials',
  columns: {
    userId: { type: 'uuid', name: 'user_id', primary: true },
    hash: { type: 'text' },
    changedAt: { type: 'timestamptz', name: 'changed_at' },
  },
});
